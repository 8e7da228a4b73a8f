import pytest
from sqlalchemy import select

from core.audit.models import AuditEntry
from core.db.scope import Scope, open_session
from core.errors import Forbidden, Invalid, NotFound
from core.permissions import NOBODY, OPERATOR
from core.search.models import WordKind
from core.search.query.lexicon import national_lexicon
from core.search.query.planner import plan_query
from core.search.query.spelling import correct
from core.search.query.synonyms import WordPair, add_word, list_word_pairs, remove_word
from core.search.query.vocabulary import Vocabulary
from core.search.registry import SearchKind


@pytest.fixture
def listed(tree):
    """Add a pair at a place of the tree."""

    def add(tenant, kind, word, other):
        with open_session(Scope.own(tenant)) as session:
            return add_word(session, OPERATOR, tenant, WordPair(kind, word, other)).id

    return add


def synonyms(tenant, word, vocabulary=None):
    with open_session(Scope.public(tenant)) as session:
        return (vocabulary or Vocabulary()).words(session, tenant).synonyms.get(word, ())


@pytest.mark.both_databases
def test_a_countys_words_hold_below_it_and_nowhere_else(tree, listed):
    listed(tree.county, WordKind.EQUAL, "板凳会", "村民代表会议")
    assert synonyms(tree.village, "板凳会") == ("村民代表会议",)
    assert "板凳会" in synonyms(tree.village, "村民代表会议")
    assert synonyms(tree.other_county, "板凳会") == ()
    assert synonyms(tree.village, "低保") == national_lexicon().synonyms["低保"]


def test_a_citizens_word_finds_the_official_one_but_not_back(tree, listed):
    listed(tree.county, WordKind.OFFICIAL, "板凳会", "村民代表会议")
    assert synonyms(tree.county, "板凳会") == ("村民代表会议",)
    assert "板凳会" not in synonyms(tree.county, "村民代表会议")


def test_a_forbidden_pair_is_no_synonym_in_its_county(tree, listed):
    assert "最低生活保障" in synonyms(tree.village, "低保")
    listed(tree.county, WordKind.BANNED, "低保", "最低生活保障")
    assert "最低生活保障" not in synonyms(tree.village, "低保")
    assert "最低生活保障" in synonyms(tree.other_county, "低保")


@pytest.mark.both_databases
def test_another_process_sees_every_change_at_once(tree, listed):
    elsewhere = Vocabulary()
    assert synonyms(tree.village, "板凳会", elsewhere) == ()
    first = listed(tree.county, WordKind.EQUAL, "板凳会", "村民代表会议")
    assert synonyms(tree.village, "板凳会", elsewhere) == ("村民代表会议",)
    with open_session(Scope.own(tree.county)) as session:
        remove_word(session, OPERATOR, tree.county, first)
    assert synonyms(tree.village, "板凳会", elsewhere) == ()
    listed(tree.county, WordKind.EQUAL, "板凳会", "火塘会")  # may get the id of the one removed
    assert synonyms(tree.village, "板凳会", elsewhere) == ("火塘会",)


def test_tenants_without_a_list_share_what_is_held_for_those_above(tree, listed):
    listed(tree.county, WordKind.EQUAL, "板凳会", "村民代表会议")
    held = Vocabulary()
    with open_session(Scope.public(tree.county)) as session:
        at_county = held.words(session, tree.county)
    with open_session(Scope.public(tree.village)) as session:
        assert held.words(session, tree.village) is at_county


@pytest.mark.parametrize(
    ("pair", "field"),
    [
        (("equal", "低", "最低生活保障"), "word"),
        (("equal", "低保", ""), "other"),
        (("equal", "低保", "最低 生活"), "other"),
        (("equal", "低保 -", "最低生活"), "word"),
        (("equal", "低保", "长" * 21), "other"),
        (("equal", "板凳会", "板凳會"), "other"),
        (("equal", "低保", "最低生活保障"), "other"),
        (("official", "低保", "最低生活保障"), "other"),
        (("equal", "低保", "社保"), "other"),
        (("official", "社保", "低保"), "other"),
        (("banned", "社保", "低保"), "other"),
    ],
)
def test_a_pair_that_helps_nobody_is_refused_at_its_field(tree, listed, pair, field):
    kind, word, other = pair
    with pytest.raises(Invalid) as refused:
        listed(tree.county, WordKind(kind), word, other)
    assert set(refused.value.fields) == {field}


def test_words_are_kept_in_normal_form(tree, listed):
    listed(tree.county, WordKind.OFFICIAL, " 闆凳會 ", "ＥＴＣ")
    with open_session(Scope.own(tree.county)) as session:
        assert [(row.word, row.other) for row in list_word_pairs(session, tree.county)] == [
            ("板凳会", "etc")
        ]


def test_only_the_catalog_office_keeps_the_list(tree, listed):
    key = listed(tree.county, WordKind.EQUAL, "板凳会", "村民代表会议")
    with open_session(Scope.own(tree.county)) as session:
        with pytest.raises(Forbidden):
            add_word(session, NOBODY, tree.county, WordPair(WordKind.EQUAL, "火塘会", "板凳会"))
        with pytest.raises(Forbidden):
            remove_word(session, NOBODY, tree.county, key)


def test_nobody_removes_from_anothers_list(tree, listed):
    key = listed(tree.county, WordKind.EQUAL, "板凳会", "村民代表会议")
    with open_session(Scope.own(tree.village)) as session, pytest.raises(NotFound):
        remove_word(session, OPERATOR, tree.village, key)


def test_every_change_of_the_list_is_recorded(tree, listed):
    key = listed(tree.county, WordKind.EQUAL, "板凳会", "村民代表会议")
    with open_session(Scope.own(tree.county)) as session:
        remove_word(session, OPERATOR, tree.county, key)
    with open_session(Scope.own(tree.county)) as session:
        acts = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    assert [act.action for act in acts] == ["search.word_add", "search.word_remove"]
    assert acts[1].detail == {"kind": "equal", "word": "板凳会", "other": "村民代表会议"}


def test_places_of_the_county_are_words_there(tree):
    with open_session(Scope.public(tree.village)) as session:
        words = Vocabulary().words(session, tree.village)
    assert {"甲县", "崾岘村", "崾岘", "柳湾", "西镇", "东关社区"} <= words.places
    assert "乙县" not in words.places
    [ask] = plan_query("崾岘村财务", words).variants[:1]
    assert [group.terms[0].text for group in ask.required] == ["崾岘村", "财务"]


def test_words_of_titles_in_the_county_are_learned_for_spelling(tree):
    kind = SearchKind(
        "post", "村务", lambda *_: [], lambda *_: [], lambda _, tenant: [f"{tenant.name}沼气池管护"]
    )
    with open_session(Scope.public(tree.village)) as session:
        learned = Vocabulary().learned(session, tree.village, [kind])
    assert "沼气池" in learned
    assert correct("找气池", learned=learned) == "沼气池"
    assert correct("找气池") is None
