"""No value gets out of its quotation marks: what is written is read back as the same tree."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.engines.meilisearch.filters import All, AnyOf, Between, Not, OneOf, allowed, quoted
from core.search.scope import SearchScope
from core.testing.meili.filters import FilterError, parse

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIELDS = {"kind", "topic", "scope", "owner", "inherits", "excluded", "expires"}
NASTY = st.text(
    st.one_of(st.sampled_from("\"'\\()[],= \n“”‘’;ORANDIN*"), st.characters(codec="utf-8")),
    max_size=20,
)


@given(NASTY, st.sampled_from(["kind", "topic"]))
def test_a_value_finds_itself_and_nothing_else(value, field):
    test = parse(str(OneOf(field, (value,))), FIELDS)
    assert not test({field: value + "x"})
    assert not test({field: "publication"}) or value.strip().lower() == "publication"
    if "\\" not in value:
        assert test({field: value})


@given(NASTY, NASTY)
def test_whatever_the_value_the_other_conditions_hold(kind, topic):
    scope = SearchScope((1, 2), (1, 2))
    condition = All((*allowed(scope, NOW), OneOf("kind", (kind,)), OneOf("topic", (topic, "x"))))
    test = parse(str(condition), FIELDS)
    foreign = {"kind": kind, "topic": topic, "scope": [1, 9], "owner": 9, "expires": 10**12}
    assert not test(foreign)
    assert not test({**foreign, "scope": [1, 2], "owner": 2, "excluded": [2]})
    assert not test({**foreign, "scope": [1, 2], "owner": 2, "expires": 5})


def test_trees_are_written_with_their_brackets():
    tree = AnyOf(
        (All((OneOf("scope", (1, 2)), Not(OneOf("kind", ("a",))))), Between("expires", 1, 9))
    )
    assert str(tree) == '((scope IN [1, 2]) AND (NOT (kind IN ["a"]))) OR (expires 1 TO 9)'
    test = parse(str(tree), FIELDS)
    assert test({"scope": [2], "kind": "b"})
    assert not test({"scope": [2], "kind": "a"})
    assert test({"scope": [7], "expires": 4})


def test_truth_is_a_word_and_no_value_is_nothing():
    assert quoted(True) == "true"
    test = parse(str(OneOf("kind", ())), FIELDS)
    assert not test({"kind": ""})
    assert not test({})


@pytest.mark.parametrize("text", ['kind IN ["a', "kind IN [a] x", "color = 1", "kind", "(kind = a"])
def test_our_reader_refuses_what_is_no_filter(text):
    with pytest.raises(FilterError):
        parse(text, FIELDS)
