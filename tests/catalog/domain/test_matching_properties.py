"""Importing what is there already changes nothing, whatever the names are."""

from hypothesis import given
from hypothesis import strategies as st

from core.catalog.domain.changes import Define, DefineDomain, Layer
from core.catalog.domain.inheritance import resolve
from core.catalog.domain.matching import RowOutcome, match_rows

names = st.none() | st.text(alphabet="政策法规文件、 /a1(()", max_size=6)
rows = st.fixed_dictionaries(
    {
        "level1": names,
        "level2": names,
        "level3": names,
        "mode": st.sampled_from(["proactive", "on_request", None]),
        "channels": st.none() | st.lists(st.sampled_from(["政府网站", "公示栏"]), max_size=2),
        "extra": st.none() | st.dictionaries(st.sampled_from(["甲", "乙"]), names, max_size=2),
    }
)
tables = st.lists(rows, max_size=8)


def catalog(known):
    define = [Define(f"i{n}", row | {"domain": "d"}) for n, row in enumerate(known)]
    return resolve([Layer("CN", "nation", [DefineDomain("d", "领域"), *define])])


@given(tables, tables)
def test_every_row_has_one_outcome_and_no_item_is_matched_twice(known, table):
    matches = match_rows(table, catalog(known), "d", "CN")

    assert [match.row for match in matches] == list(range(len(table)))
    taken = [match.item_id for match in matches if match.item_id]
    assert len(taken) == len(set(taken))
    for match in matches:
        assert (match.outcome is RowOutcome.REFINED) == bool(match.differences)
        assert (match.outcome is RowOutcome.PROPOSED) == bool(match.candidates)


@given(tables)
def test_a_table_that_was_stored_is_unchanged_when_read_again(table):
    first = match_rows(table, catalog([]), "d", "CN")
    stored = [table[match.row] for match in first if match.outcome is RowOutcome.DEFINED]

    again = match_rows(table, catalog(stored), "d", "CN")

    left_out = {RowOutcome.REPEATED, RowOutcome.NAMELESS}
    assert {m.outcome for m in again} <= {RowOutcome.UNCHANGED, *left_out}
    assert [m.row for m in again if m.outcome in left_out] == [
        m.row for m in first if m.outcome in left_out
    ]
