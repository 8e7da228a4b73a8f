"""The architecture page names files that exist."""

import re

import pytest

from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
FILES = re.compile(r"`((?:core|plugins|frontend|deploy|migrations|tests)/[\w./-]+\.\w+)`")
ROW = re.compile(r"^\| ([^|]+) \| (`[^|]+`) \|$", re.MULTILINE)
BEHAVIOURS = 22


def list_behaviours() -> dict[str, str]:
    """The table behaviour → files."""
    _before, _heading, after = PAGE.partition("## Where things are done")
    table, _next, _rest = after.partition("\n## ")
    return {row[1]: row[2] for row in ROW.finditer(table)}


def test_each_behaviour_stands_in_the_table():
    assert len(list_behaviours()) >= BEHAVIOURS


@pytest.mark.parametrize("name", sorted(set(FILES.findall(PAGE))))
def test_the_page_names_files_that_exist(name):
    assert (ROOT / name).is_file()
