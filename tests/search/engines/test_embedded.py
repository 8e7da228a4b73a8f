"""What only the embedded engine does: its shortcuts give what the long way gives."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from core.search.document import DocumentValidity, SearchDocument
from core.search.engines.base import FACETS, SearchRequest
from core.search.engines.embedded import backend as embedded
from core.search.engines.embedded import dictionary
from core.search.engines.embedded.backend import EmbeddedBackend
from core.search.engines.embedded.pruning import candidate_filter
from core.search.query.planner import QueryVariant, Term, TermGroup, plan_query
from core.search.scope import SearchScope
from tests.search.contract.engines import CHAINS, NOW, document

WORDS = [
    "农村",
    "危房",
    "改造",
    "补助",
    "标准",
    "低保",
    "申请",
    "公示",
    "村",
    "财政局",
    "道路灯",
    "社保卡",
    "挂失",
    "2026",
    "通知",
    "app",
]
ASKED = (
    "低保",
    "村",
    "危房改造",
    "危房改造补助",
    "农村危房改造补助标准",
    "社保卡怎么挂失",
    "财政局 公示",
    "通知",
    "2026",
    "低保申",
    "危房改造补",
    "社保卡挂",
    "财政局 低保公示",
    "ap",
)


@pytest.fixture
def backend(tmp_path) -> Iterator[EmbeddedBackend]:
    made = EmbeddedBackend(tmp_path / "search")
    made.ensure()
    yield made
    made.close()


def composed(seed: int, number: int = 400) -> Iterator[SearchDocument]:
    """Documents whose titles and texts share few words, all over the small tree."""
    random = Random(seed)

    def some(most: int) -> str:
        return "".join(random.choice(WORDS) for _ in range(random.randint(1, most)))

    for pk in range(number):
        yield document(
            pk,
            tenant=random.choice(list(CHAINS)),
            title=some(4),
            body="。".join(some(6) for _ in range(3)),
            topic=random.choice(("农村危房改造", "社会救助", "")),
            published_on=date(2026, 1, 1) + timedelta(days=random.randint(0, 3)),
            validity=random.choice((*[DocumentValidity.EFFECTIVE] * 4, DocumentValidity.REPEALED)),
        )


def asked(typed: str, tenant: int, **choices) -> Iterator[SearchRequest]:
    """The questions of a plan, as they are asked on a tenant's page."""
    scope = SearchScope(CHAINS[tenant], CHAINS[tenant])
    for ask in plan_query(typed).variants:
        yield SearchRequest(variant=ask, scope=scope, now=NOW, facets=FACETS, **choices)


@pytest.fixture
def exhaustive(tmp_path) -> Iterator[EmbeddedBackend]:
    """The same index without candidate filters and early termination."""
    opened = EmbeddedBackend(tmp_path / "search", prune=False)
    yield opened
    opened.close()


@pytest.mark.parametrize("seed", range(3))
def test_early_termination_returns_the_page_of_the_whole_order(
    backend, exhaustive, monkeypatch, seed
):
    backend.upsert(list(composed(seed)))
    monkeypatch.setattr(embedded, "TITLE_PASS_FROM", 0)
    requests = [
        request
        for typed in ASKED
        for tenant in (1, 2, 3, 5)
        for offset in (0, 10, 30)
        for request in asked(typed, tenant, offset=offset)
    ]
    pages = [backend.search(request) for request in requests]
    assert pages == [exhaustive.search(request) for request in requests]
    assert any(page.total > 100 for page in pages)


def test_few_endings_are_found_one_by_one_as_a_pattern_finds_them(backend, monkeypatch, tmp_path):
    backend.upsert(list(composed(7)))
    requests = [
        request
        for typed in ("改", "危房改", "财政局", "低保申", "农村危房改", "社保卡挂", "财政局 低保公")
        for tenant in (1, 2, 5)
        for request in asked(typed, tenant)
    ]
    one_by_one = [backend.search(request) for request in requests]
    monkeypatch.setattr(dictionary, "MOST_ENDINGS", 0)
    again = EmbeddedBackend(tmp_path / "search")
    for request, page in zip(requests, one_by_one, strict=True):
        by_pattern = again.search(request)
        assert (page.total, page.facets) == (by_pattern.total, by_pattern.facets)
        assert [hit.id for hit in page.hits] == [hit.id for hit in by_pattern.hits]


@pytest.mark.parametrize("seed", range(2))
def test_candidate_filters_change_no_answer(backend, exhaustive, monkeypatch, seed):
    backend.upsert(list(composed(seed)))
    requests = [
        request
        for typed in (*ASKED, "农村 app", "危房改造 村", "路灯 社保卡", "标准 路灯")
        for tenant in (1, 2, 3, 5)
        for titles_only in (False, True)
        for request in asked(typed, tenant, titles_only=titles_only)
    ]
    monkeypatch.setattr(candidate_filter, "CHEAP", 0)
    monkeypatch.setattr(candidate_filter, "COST_PER_CANDIDATE", 0)
    restricted = [backend.search(request) for request in requests]
    assert restricted == [exhaustive.search(request) for request in requests]


def test_words_are_looked_up_anew_after_each_commit(backend):
    [request, *_] = asked("低保申", 2)
    assert backend.search(request).total == 0
    backend.upsert([document(1, title="低保申请")])
    assert backend.search(request).total == 1
    backend.upsert([document(2, title="低保申报")])
    assert backend.search(request).total == 2


def test_the_typed_word_in_a_title_may_outrank_a_synonym_in_title_and_subject(backend, monkeypatch):
    monkeypatch.setattr(embedded, "TITLE_PASS_FROM", 0)
    other = "最低生活保障"
    backend.upsert([document(pk, title=other, topic=other, body="") for pk in range(12)])
    backend.upsert([document(99, title="低保", topic="", body="低保")])
    [request, *_] = asked("低保", 2)
    assert backend.search(request).hits[0].id == document(99).id


def test_pages_of_equals_neither_overlap_nor_leave_gaps(backend):
    backend.upsert([document(pk) for pk in range(150)])
    [request, *_] = asked("低保", 2)
    hits = [
        hit.id
        for offset in range(0, 150, 10)
        for hit in backend.search(replace(request, offset=offset)).hits
    ]
    assert len(set(hits)) == len(hits) == 150


@pytest.mark.parametrize("typed", ["ab", "办理 ab"])
def test_all_words_that_begin_so_are_found_however_many(backend, typed):
    ends = [f"{one}{two}" for one in "abcdefgh" for two in "abcdefghijklmnop"]
    backend.upsert([document(pk, title=f"办理 ab{end}") for pk, end in enumerate(ends)])
    ask = QueryVariant(typed, (TermGroup((Term(typed, prefix=True),)),), 1)
    request = SearchRequest(variant=ask, scope=SearchScope(CHAINS[2], CHAINS[2]), now=NOW)
    assert backend.search(request).total == len(ends) > 50


def test_a_rebuild_that_is_given_up_leaves_nothing_behind(backend, tmp_path):
    backend.upsert([document(1)])
    before = sorted(path.name for path in (tmp_path / "search").iterdir())
    made = backend.begin_rebuild()
    made.upsert([document(2)])
    made.abort()
    assert sorted(path.name for path in (tmp_path / "search").iterdir()) == before
    assert backend.health().documents == 1
