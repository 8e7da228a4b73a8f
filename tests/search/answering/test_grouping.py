from hypothesis import given
from hypothesis import strategies as st

from core.search.answering.grouping import LOOKED_THROUGH, fetch_grouped, group_hits
from core.search.engines.base import Facet, Hit, SearchPage

THINGS = {"item": lambda key: key.split("-", 1)[1]}


def test_documents_of_one_thing_are_one_hit_in_the_place_of_the_best():
    hits = [Hit(name, 1.0) for name in ("item-1-a", "page-1", "item-2-a", "item-1-b", "page-2")]
    grouped = group_hits(hits, THINGS)
    assert [hit.id for hit in grouped] == ["item-1-a", "page-1", "item-1-b", "page-2"]
    assert grouped[0].others == ("item-2-a",)


@given(
    st.lists(st.sampled_from(("a", "b", "c", "")), max_size=3 * LOOKED_THROUGH),
    st.integers(min_value=1, max_value=60),
)
def test_pages_together_have_each_thing_once_and_agree_on_the_total(names, size):
    """A name makes a document of that thing, none a page of its own."""
    hits = [
        Hit(f"item-{number}-{name}" if name else f"page-{number}", 1.0)
        for number, name in enumerate(names)
    ]
    facets = {Facet.KIND: {"item": len(names) - names.count(""), "page": names.count("")}}

    def fetch(first, last):
        return SearchPage(tuple(hits[first:last]), len(hits), facets=facets)

    shown, offset = [], 0
    asked = fetch_grouped(fetch, 0, size, THINGS)
    while offset < asked.total:
        page = fetch_grouped(fetch, offset, offset + size, THINGS)
        assert (page.total, page.facets) == (asked.total, asked.facets)
        assert len(page.hits) == min(size, page.total - offset)
        shown += page.hits
        offset += size
    assert sum(asked.facets[Facet.KIND].values()) == asked.total == len(shown)
    documents = [hit.id for hit in shown]
    assert len(documents) == len(set(documents))
    if len({*names[:LOOKED_THROUGH]} - {""}) < len([n for n in names[:LOOKED_THROUGH] if n]):
        things = [name.rpartition("-")[2] for name in documents if name.startswith("item")]
        assert sorted(things) == sorted({*names} - {""})
        assert {"a", "b", "c"} >= {hit.id.rpartition("-")[2] for hit in shown if hit.others}
