"""Pure rules of the division tree: levels, code lengths, kinds."""

import re
from enum import StrEnum


class Level(StrEnum):
    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


ORDER = tuple(Level)
CODE_LENGTHS = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
}
PORTAL_LEVELS = frozenset({Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE})
NATION_CODE = "CN"

KINDS = {
    Level.NATION: ("nation",),
    Level.PROVINCE: ("province",),
    Level.CITY: ("city",),
    Level.COUNTY: ("county",),
    Level.TOWNSHIP: ("town", "street", "farm", "development_zone"),
    Level.VILLAGE: ("village", "community"),
}

# The kinds of names that statistical division tables carry; the first that fits wins.
_TOWNSHIP_ENDINGS = (
    ("street", ("街道", "街道办事处")),
    ("farm", ("农场", "林场", "牧场", "羊场", "马场", "渔场", "种场", "台子", "茶场", "草场")),
    (
        "development_zone",
        ("开发区", "园区", "管理区", "保护区", "管理处", "示范区", "管委会", "工业区"),
    ),
)
_COMMUNITY_ENDINGS = ("社区", "居委会", "居民委员会", "社区居民委员会")


def find_kind(level: Level, name: str) -> str:
    """Kind of a division by its name, e.g. 古雁街道 → street, …社区居民委员会 → community."""
    if level is Level.TOWNSHIP:
        return next((kind for kind, ends in _TOWNSHIP_ENDINGS if name.endswith(ends)), "town")
    if level is Level.VILLAGE:
        return "community" if name.endswith(_COMMUNITY_ENDINGS) or "社区" in name else "village"
    return KINDS[level][0]


def to_level_code(code: str, level: Level) -> str:
    """Return a code of 12 (or 6) digits in the length of its level: 620524000000 → 620524."""
    length = CODE_LENGTHS.get(level, len(code))
    return code[:length] if code[length:] and not code[length:].strip("0") else code


def to_parent_code(code: str, level: Level) -> str:
    """Return a parent's code without the zeros that fill it up, for a child of this level."""
    lengths = sorted(CODE_LENGTHS.values())
    above = (length for length in lengths if length < CODE_LENGTHS.get(level, 0))
    return next((code[:n] for n in above if code[n:] and not code[n:].strip("0")), code)


_ABOLISHED = re.compile(
    r"[\[(【〔\uff08](?:已|被)?(?:撤销|撤并|合并|注销|取消|废止)[^])】〕\uff09]*[])】〕\uff09]"
)


def is_abolished(name: str) -> bool:
    """Say whether a table marks a division as no longer existing: 某村[已撤销]."""
    return _ABOLISHED.search(name) is not None


def code_problem(code: str, level: Level, parent_code: str | None) -> str | None:
    """Say what is wrong with a code at its level, or `None` (`length`, `digits`, `prefix`)."""
    if not code.isascii() or not code.isdigit():
        return "digits"
    if len(code) != CODE_LENGTHS[level]:
        return "length"
    if parent_code and parent_code != NATION_CODE and not code.startswith(parent_code):
        return "prefix"
    return None


_SUFFIXES = (
    "社区居民委员会",
    "社区居委会",
    "村民委员会",
    "居民委员会",
    "村委会",
    "居委会",
    "委员会",
)


def short_name(name: str) -> str:
    """Name as people say it: 崾岘村委会 → 崾岘村, 东关社区居委会 → 东关社区."""
    for suffix in _SUFFIXES:
        if not name.endswith(suffix) or len(name) <= len(suffix):
            continue
        stem = name[: -len(suffix)]
        if suffix.startswith("社区"):
            return stem if stem.endswith("社区") else stem + "社区"
        if suffix in {"村民委员会", "村委会"}:
            return stem if stem.endswith("村") else stem + "村"
        return stem
    return name


def standing_organ(kind: str, name: str) -> tuple[str, str]:
    """Name and kind of the body that every place of this kind has, which publishes for it.

    The villagers' and residents' committees stand in the organic laws of both (村民委员会组织法,
    城市居民委员会组织法); a street has an office, a town a people's government.
    """
    if kind == "village":
        return f"{short_name(name)}村民委员会", "committee"
    if kind == "community":
        return f"{short_name(name)}居民委员会", "committee"
    if kind == "street":
        return f"{name.removesuffix('办事处')}办事处", "government"
    if kind in {"county", "town"}:
        return f"{name}人民政府", "government"
    return name, "government"
