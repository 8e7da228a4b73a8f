"""Files as offices save them: every named field is right or null with a finding, no row lost."""

import json
from pathlib import Path

import pytest

from core.tables.fields.fillers import find_value
from core.tables.read import read_catalogs
from core.tables.text import squeeze

KINDS = ("continuation-like-a-title", "date-cells", "hidden-row", "struck-through",
         "two-tables-side-by-side")  # fmt: skip


def plain(value):
    """The value without blanks, to be compared."""
    if isinstance(value, str):
        return squeeze(value)
    return [plain(part) for part in value] if isinstance(value, list) else value


def named(value, field):
    """The value in the form in which the expectation gives it."""
    if field == "time_limit" and value:
        return value["raw"]
    return value["kind"] if field == "audience" and value else value


def differences(expected, result):
    """Named fields that are wrong, and those that are null without a finding."""
    said = {(f["catalog"], f["row"], f["field"]) for f in result["findings"]}
    for number, (wanted, catalog) in enumerate(
        zip(expected["catalogs"], result["catalogs"], strict=True)
    ):
        for name in ("title", "domain"):
            if name in wanted and plain(wanted[name]) != plain(catalog[name]):
                yield number, None, name, catalog[name]
        if len(wanted["rows"]) != len(catalog["rows"]):
            yield number, None, "rows", len(catalog["rows"])
        for index, (row, read) in enumerate(zip(wanted["rows"], catalog["rows"], strict=False)):
            for field, value in row.items():
                found = named(read[field], field)
                is_told = found is None and {(number, index, field), (number, None, field)} & said
                if plain(found) != plain(value) and not is_told:
                    yield number, index, field, found


@pytest.mark.parametrize("kind", KINDS)
def test_every_named_field_is_right_or_null_with_a_finding(shared_data, kind):
    folder: Path = shared_data / "field" / kind
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    result = read_catalogs((folder / "input.xlsx").read_bytes(), "input.xlsx").to_json()
    assert list(differences(expected, result)) == []
    assert "rows-lost" not in {finding["code"] for finding in result["findings"]}


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("hidden-row", {"hidden-rows"}),
        ("struck-through", {"text-struck"}),
        ("continuation-like-a-title", {"rows-counted"}),
    ],
)
def test_what_is_left_out_is_told(shared_data, kind, codes):
    path = shared_data / "field" / kind / "input.xlsx"
    result = read_catalogs(path.read_bytes(), path.name)
    assert codes <= {finding.code for finding in result.findings}


def test_the_fillers_of_an_import_mean_none(shared_data):
    lines = (shared_data / "field" / "fillers" / "input.jsonl").read_text("utf-8").splitlines()
    given = [json.loads(line) for line in lines]
    for name in ("doc_no", "index_no", "theme"):
        assert {find_value(line.get(name)) for line in given} == {None}
    assert [find_value(line.get("publish_date")) for line in given] == [None, None, None,
                                                                        "2026-01-05"]  # fmt: skip
