"""The rules behind the pages: marks, controls, mending; no database."""

from hypothesis import given
from hypothesis import strategies as st

from core.catalog.console.fields import to_typed, to_value
from core.catalog.console.text_diff import ADDED, KEPT, REMOVED, diff
from core.catalog.uploads.corrections import (
    Corrections,
    ParsedFinding,
    ParsedTable,
    ParsedUpload,
    group_open_findings,
    list_missing_fields,
    list_rows_to_store,
)

LINE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
LINES = st.none() | st.lists(LINE, min_size=1, max_size=5)
VALUES = {
    "content_elements": LINES,
    "channels": LINES,
    "time_limit": st.none() | st.builds(lambda raw: {"raw": raw, "rule": None}, LINE),
    "audience": st.none()
    | st.just({"kind": "everyone", "text": None})
    | st.builds(lambda text: {"kind": "group", "text": text}, st.none() | LINE),
    "mode": st.none() | st.sampled_from(["proactive", "on_request"]),
    "levels": st.none() | st.just(["county", "village"]),
    "level1": st.none() | LINE,
}


def joined(value):
    return value if isinstance(value, list) else [value] if value else []


@given(st.none() | LINE | st.lists(LINE), st.none() | LINE | st.lists(LINE))
def test_marks_tell_both_values(before, after):
    parts = diff(before, after).parts
    old = [part.text for part in parts if part.mark != ADDED]
    new = [part.text for part in parts if part.mark != REMOVED]
    assert "".join(old) == "".join(joined(before))
    assert "".join(new) == "".join(joined(after))
    if before == after:
        assert {part.mark for part in parts} <= {KEPT}


def test_a_small_change_is_marked_by_letters_and_a_large_one_whole():
    small = diff("20个工作日内公开", "7个工作日内公开")
    assert [(p.text, p.mark) for p in small.parts] == [
        ("20", REMOVED),
        ("7", ADDED),
        ("个工作日内公开", KEPT),
    ]
    assert [p.mark for p in diff("及时", "每年一月").parts] == [REMOVED, ADDED]


@given(st.data(), st.sampled_from(sorted(VALUES)))
def test_a_control_shows_a_value_and_reads_it_back(data, field):
    value = data.draw(VALUES[field])
    assert to_value(field, to_typed(field, value)) == value


def read(*rows, findings=()):
    return ParsedUpload([ParsedTable("甲", "甲", rows, [{} for _ in rows])], [], list(findings))


def flag(row, field, severity="warning"):
    return ParsedFinding(0, row, field, severity, "?")


@given(st.dictionaries(st.integers(0, 3), st.sampled_from(["a", "b", None])))
def test_what_was_mended_survives_being_stored(cells):
    corrections = Corrections({})
    for row, value in cells.items():
        corrections.set_cell((0, row), "mode", value, "b")
        corrections.mark((0, row), checked=value == "a", left_out=value is None)
    again = Corrections(corrections.to_json())
    assert again.to_json() == corrections.to_json()
    for row, value in cells.items():
        assert again.row((0, row), {"mode": "b"})["mode"] == value


def test_only_differences_are_kept():
    corrections = Corrections({})
    corrections.set_cell((0, 0), "mode", "on_request", None)
    corrections.set_cell((0, 0), "mode", None, None)
    corrections.fill(0, "levels", ["county"])
    corrections.fill(0, "levels", None)
    corrections.answer((0, 0), "new")
    corrections.answer((0, 0), "")
    corrections.set_domain(0, "x")
    corrections.set_domain(0, "")
    corrections.skip(0, skipped=True)
    corrections.skip(0, skipped=False)
    assert corrections.to_json() == {}


def test_a_finding_is_settled_by_a_correction_a_fill_a_check_or_leaving_the_row_out():
    understood = read(
        *({"mode": None, "levels": ["county"]} for _ in range(4)),
        {"mode": "proactive", "levels": ["county"]},
        findings=[flag(n, "mode") for n in range(4)] + [flag(4, "levels", "info")],
    )
    corrections = Corrections({})
    assert sorted(group_open_findings(understood, corrections)) == [(0, n) for n in range(4)]
    corrections.set_cell((0, 0), "mode", "proactive", None)
    corrections.mark((0, 1), checked=True, left_out=False)
    corrections.mark((0, 2), checked=False, left_out=True)
    assert list(group_open_findings(understood, corrections)) == [(0, 3)]
    corrections.fill(0, "mode", "on_request")
    assert group_open_findings(understood, corrections) == {}
    assert [row["mode"] for _key, row in list_rows_to_store(understood, corrections, 0)] == [
        "proactive",
        "on_request",
        "on_request",
        "proactive",
    ]


def test_a_field_that_no_row_has_is_one_gap_and_flags_no_row():
    understood = read(
        {"levels": None}, {"levels": []}, findings=[flag(0, "levels"), flag(1, "levels")]
    )
    assert group_open_findings(understood, Corrections({})) == {}
    [gap] = list_missing_fields(understood, Corrections({}), 0)
    assert (gap.field, gap.unknown, gap.total) == ("levels", 2, 2)


def test_a_table_left_out_stores_nothing_and_asks_nothing():
    understood = read({"level1": "甲", "mode": None}, findings=[flag(0, "mode")])
    corrections = Corrections({})
    corrections.skip(0, skipped=True)
    assert list_rows_to_store(understood, corrections, 0) == []
    assert group_open_findings(understood, corrections) == {}
