from hypothesis import given
from hypothesis import strategies as st

from core.search.answering.grouping import fetch_grouped, group_hits
from core.search.engines.base import MAX_PER_PAGE, Hit, SearchPage

THINGS = {"item": lambda key: key.split("-", 1)[1]}


def test_documents_of_one_thing_are_one_hit_in_the_place_of_the_best():
    hits = [Hit(name, 1.0) for name in ("item-1-a", "page-1", "item-2-a", "item-1-b", "page-2")]
    grouped = group_hits(hits, THINGS)
    assert [hit.id for hit in grouped] == ["item-1-a", "page-1", "item-1-b", "page-2"]
    assert grouped[0].others == ("item-2-a",)


@given(
    st.lists(st.sampled_from(("a", "b", "c", "")), max_size=3 * MAX_PER_PAGE),
    st.integers(min_value=1, max_value=60),
)
def test_pages_together_have_each_document_once_and_agree_on_the_total(names, size):
    """A name makes a document of that thing, none a page of its own."""
    hits = [
        Hit(f"item-{number}-{name}" if name else f"page-{number}", 1.0)
        for number, name in enumerate(names)
    ]

    def fetch(first, last):
        return SearchPage(tuple(hits[first : min(last, first + MAX_PER_PAGE)]), len(hits))

    shown, offset = [], 0
    total = fetch_grouped(fetch, 0, size, THINGS).total
    while offset < total:
        page = fetch_grouped(fetch, offset, offset + size, THINGS)
        assert page.total == total
        assert len(page.hits) == min(size, total - offset)
        shown += [known for hit in page.hits for known in (hit.id, *hit.others)]
        offset += size
    assert sorted(shown) == sorted(hit.id for hit in hits)
