"""A small catalog: what only villages have, and what they share with the county."""

from core.catalog.domain.inheritance import Domain, EffectiveCatalog, EffectiveItem, Source

SOURCE = Source("640425", 1)
ITEMS = {
    "征地": ("zhengdi", ["征地补偿", "补偿方案"], ["county", "village"]),
    "名单": ("jiuzhu", ["最低生活保障", "城乡居民最低生活保障对象名单"], ["county", "village"]),
    "账目": ("caiwu", ["财务收支", "收支明细"], ["village"]),
}


def build_catalog():
    items = {
        key: EffectiveItem(
            key, fields := {"domain": domain, "levels": levels} | names(titles), fields, SOURCE,
            {}, {},
        )
        for key, (domain, titles, levels) in ITEMS.items()
    }  # fmt: skip
    domains = {
        key: Domain(key, name, None, (), order, SOURCE)
        for order, (key, name) in enumerate(
            [("zhengdi", "征地补偿"), ("jiuzhu", "社会救助"), ("caiwu", "财务公开")]
        )
    }
    return EffectiveCatalog(items, domains)


def names(titles):
    return {f"level{number}": title for number, title in enumerate(titles, start=1)}
