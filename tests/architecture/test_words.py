"""The field's words, and each class name once."""

import ast
import tomllib
from collections import defaultdict
from pathlib import Path

from tests.architecture.sources import list_definitions, list_sources, parse

HERE = Path(__file__).parent
RETIRED = tomllib.loads((HERE / "retired_words.toml").read_text("utf-8"))
LEFT = frozenset((HERE / "retired_words_left.txt").read_text("utf-8").split("\n")) - {""}
SHARED_CLASS_NAMES = frozenset({"Meta"})  # marshmallow's


def find_retired_words() -> set[str]:
    """Definitions that use a retired word, as `file: word`."""
    return {
        f"{path}: {name}"
        for path in list_sources()
        for place, words in RETIRED.items()
        if path.is_relative_to(place)
        for name in words.keys() & set(list_definitions(path))
    }


def test_no_new_definition_uses_a_retired_word():
    found = find_retired_words()
    assert sorted(found - LEFT) == []
    assert sorted(LEFT - found) == [], "these are gone: take them out of the list"


def test_a_class_name_means_one_class():
    places = defaultdict(list)
    for path in list_sources():
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.ClassDef) and node.name not in SHARED_CLASS_NAMES:
                places[node.name].append(f"{path}:{node.lineno}")
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
