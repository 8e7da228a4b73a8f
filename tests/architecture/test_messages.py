"""The interface speaks Chinese everywhere, and says the same as in English."""

import ast
import re

import pytest

from core.testing.catalogs import CORE, features, missing_messages, read_catalog
from tests.architecture.sources import list_sources

PLACE = re.compile(r"%\(\w+\)[sd]")


@pytest.mark.parametrize("feature", features(), ids=lambda path: path.name)
def test_every_message_has_its_chinese(feature):
    assert missing_messages(feature) == []


@pytest.mark.parametrize("feature", features(), ids=lambda path: path.name)
def test_translations_keep_the_placeholders(feature):
    for message in read_catalog(feature):
        if not message.id or not message.string:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in strings:
            assert set(PLACE.findall(text)) <= set(PLACE.findall(" ".join(ids))), message.id


def test_the_core_says_the_same_message_alike_everywhere():
    # One catalog is made of all of them: which feature's Chinese won would be chance.
    told: dict[tuple, set] = {}
    for feature in features():
        if feature.parent == CORE:
            for message in read_catalog(feature):
                told.setdefault((message.context, message.id), set()).add(message.string)
    told.pop((None, ""), None)
    assert {key: said for key, said in told.items() if len(said) > 1} == {}


def test_no_message_stands_within_an_f_string():
    """Those are not found when messages are collected: they would never be translated."""
    found = [
        f"{path}:{call.lineno}"
        for path in list_sources()
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"_", "_l", "_n"}
    ]
    assert found == []
