"""The facts of the shared catalogs, and how what was read is compared with them."""

import csv
import json

import pytest

MODES = {"主动": "proactive", "依申请": "on_request"}
LEVELS = {"市级": "city", "县级": "county", "乡级": "township", "村级": "village"}


def _fact(line):
    kind, _, text = line["audience"].partition(":")
    citations = line["basis"].replace("《", "\n《").split("\n")
    return {
        "seq": line["seq"],
        "level1": line["level1"] or None,
        "level2": line["level2"] or None,
        "level3": line["level3"] or None,
        "content_elements": [
            part.lstrip("●") for part in line["content_elements"].split(";") if part
        ],
        "legal_basis": [part for part in citations if part],
        "time_limit": {"raw": line["time_limit"], "rule": None},
        "responsible_organ": line["subject"].replace(";", "、").split("、"),
        "channels": line["channels"].split("|"),
        "audience": {"kind": "everyone" if kind == "全社会" else "group", "text": text or None},
        "mode": MODES[line["method"]],
        "levels": [LEVELS[level] for level in line["levels"].split(";")],
        "extra": {},
    }


class Facts:
    """The rows of a shared catalog, its title and its domain."""

    def __init__(self, path):
        about = json.loads(path.with_suffix(".json").read_text("utf-8"))
        self.title, self.domain, self.path = about["title"], about["domain"], path
        with path.open(encoding="utf-8-sig", newline="") as file:
            self.rows = [_fact(line) for line in csv.DictReader(file)]
        for row in self.rows:
            row["content_elements"] = row["content_elements"] or None


@pytest.fixture
def facts(shared_data):
    """Shared catalogs by name."""
    return {path.stem: Facts(path) for path in sorted((shared_data / "catalogs").glob("*.csv"))}


def plain(value):
    """A value without blanks, to be compared."""
    if isinstance(value, str):
        return "".join(value.split())
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return value


@pytest.fixture
def differences():
    """A function that names the fields in which rows differ, so that a failure says which."""

    def compare(expected, got):
        found = []
        if len(expected) != len(got):
            found.append(f"{len(expected)} rows expected, {len(got)} read")
        for number, (wanted, row) in enumerate(zip(expected, got, strict=False)):
            found += [
                f"row {number} {name}: {wanted[name]!r} expected, {row.get(name)!r} read"
                for name in wanted
                if plain(wanted[name]) != plain(row.get(name))
            ]
        return found

    return compare
