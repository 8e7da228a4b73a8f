"""Every judgment names something that exists and can be found from where the question is asked."""

import csv
import json
from collections import Counter

import pytest

from core.settings import resource
from tests.search.judged.judged import SETS, JudgedQuery, judged_queries

CLASSES = {
    "two_characters",
    "colloquial",
    "pinyin",
    "typo",
    "number",
    "question",
    "place",
    "traditional",
    "official",
    "attachment",
}
OWN_CLASSES = {"queries": set(), "second": {"order", "pasted", "latin"}}


@pytest.fixture(scope="module", params=SETS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def queries(name):
    return judged_queries(name)


@pytest.fixture
def owners(shared_data):
    """Division that owns each thing a judgment may name."""
    pack = resource("tenants") / "demo-county"
    found = dict.fromkeys(_laws(shared_data / "laws"), "999901")
    found |= {f"document:{row['id']}": row["tenant"] for row in _lines(shared_data / "docs")}
    found |= {f"publication:{row['id']}": row["tenant"] for row in _lines(pack)}
    found |= {f"item:{name}": "99" for name in _items(resource("tenants") / "_national" / "items")}
    for name in _items(pack / "catalog"):
        found[f"item:{name}"] = name.partition("-")[0]
    return found


def test_every_class_has_queries(name, queries):
    assert {query.kind for query in queries} == CLASSES | OWN_CLASSES[name]
    assert len(queries) >= 130


def test_no_query_is_asked_twice_in_any_set():
    asked = Counter((query.at, query.text) for name in SETS for query in judged_queries(name))
    assert [place for place, times in asked.items() if times > 1] == []


def test_every_query_has_an_expected_answer(queries):
    for query in queries:
        assert set(query.grades.values()) <= {1, 2, 3}, query.text
        assert 3 in query.grades.values(), query.text
        assert query.intent, query.text


def test_every_judged_thing_exists_and_is_within_reach(queries, owners):
    for query in queries:
        for key in query.grades:
            owner = owners[key]
            assert owner.startswith(query.at) or query.at.startswith(owner), (query.text, key)


def test_scores_fall_when_the_expected_answer_does():
    query = JudgedQuery("低保", "999901", "two_characters", "", {"a": 3, "b": 2, "c": 1})
    assert query.ndcg(["a", "b", "c"]) == 1
    assert query.ndcg(["b", "a", "c"]) < query.ndcg(["a", "c", "b"]) < 1
    assert query.ndcg(["x", "y"]) == 0
    assert query.expected_within(["x", "y", "a"])
    assert not query.expected_within(["x", "y", "b", "a"])
    assert query.recall(["c", "x"]) == pytest.approx(1 / 3)


def _lines(folder):
    [path] = folder.glob("*.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _laws(folder):
    return [
        f"law:{row['file']}" for row in json.loads((folder / "manifest.json").read_bytes())["files"]
    ]


def _items(folder):
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from (row["item_id"] for row in csv.DictReader(file))
