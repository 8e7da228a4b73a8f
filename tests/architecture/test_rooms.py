"""Folders, files and functions keep a size in which a stranger finds his way."""

from collections import Counter, defaultdict
from pathlib import Path

from tests.architecture.sources import ROOT, count_lines, list_functions, list_sources

MOST_FILES = 14
MOST_LINES = 420
FEWEST_LINES = 25
SHARED_PREFIX = 3

# Files shorter than `FEWEST_LINES` that are a thing of their own; a new one is part of another.
SHORT = frozenset(
    (ROOT / "tests/architecture/short_files.txt").read_text("utf-8").split(),
)


def test_no_folder_holds_more_files_than_can_be_looked_through():
    sizes = Counter(
        path.parent for path in list_sources(with_tests=True) if path.name != "__init__.py"
    )
    assert {str(folder): n for folder, n in sizes.items() if n > MOST_FILES} == {}


def test_no_file_is_longer_than_can_be_read_in_one_go():
    assert {str(p): n for p in list_sources() if (n := count_lines(p)) > MOST_LINES} == {}


def test_no_new_file_is_a_fragment():
    short = {
        str(path)
        for path in list_sources()
        if path.name != "__init__.py" and count_lines(path) < FEWEST_LINES
    }
    assert sorted(short - SHORT) == []
    assert sorted(SHORT - short) == [], "these are gone or have grown: take them out of the list"


def test_no_prefix_does_the_work_of_a_folder():
    groups: dict[tuple[Path, str], list[str]] = defaultdict(list)
    for path in list_sources():
        prefix, _stroke, rest = path.stem.partition("_")
        if rest and len(prefix) >= SHARED_PREFIX:
            groups[path.parent, prefix].append(path.name)
    crowded = {f"{f}/{p}_*": names for (f, p), names in groups.items() if len(names) >= 3}
    assert crowded == {}


def test_functions_are_short():
    lengths = sorted((f.end_lineno or 0) - f.lineno + 1 for f in list_functions())
    assert lengths[len(lengths) // 2] <= 8
    assert lengths[len(lengths) * 9 // 10] <= 18
    assert lengths[-1] <= 60
