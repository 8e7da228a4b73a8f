"""A published text is taken down, and put back, by two people with a reason."""

import pytest

from core.db.scope import Scope, open_session
from core.errors import Conflict, Forbidden, Invalid
from core.permissions import Role
from core.publishing.rules import PublicationState
from core.publishing.search.documents import search_kind
from core.publishing.workflow.withdrawal import (
    approve,
    ask,
    decline,
    find_open_request,
    list_requests,
    may_decide,
    take_back,
)
from core.search.models import SearchOutbox
from core.testing.factories.people import create_person

pytestmark = pytest.mark.both_databases


def is_found(publication) -> bool:
    with open_session(Scope.platform("test")) as session:
        return bool(list(search_kind().load(session, [str(publication.id)])))


@pytest.fixture
def public(village, make_public):
    publication = make_public(village)
    village.commit()
    return publication


def test_one_asks_another_approves_and_back_again(village, public, people):
    text, number = public.body_html, public.index_number
    asked = ask(village, people.clerk, public, " 含身份证号 ")
    assert public.state == PublicationState.PUBLISHED
    with pytest.raises(Forbidden):
        approve(village, people.clerk, asked)
    approve(village, people.reviewer, asked)
    village.commit()
    assert public.state == PublicationState.WITHDRAWN
    assert public.withdrawal_reason == "含身份证号"
    assert not is_found(public)
    marks = village.query(SearchOutbox).filter_by(pk=str(public.id)).count()
    back = ask(village, people.reviewer, public, "已核实")
    with pytest.raises(Forbidden):
        approve(village, people.reviewer, back)
    approve(village, people.officer, back)
    village.commit()
    assert (public.state, public.body_html, public.index_number) == ("published", text, number)
    assert public.withdrawal_reason is None
    assert is_found(public)
    assert village.query(SearchOutbox).filter_by(pk=str(public.id)).count() > marks
    outcomes = [(each.kind, each.outcome) for each in list_requests(village, public)]
    assert outcomes == [("restore", "approved"), ("withdraw", "approved")]


@pytest.mark.parametrize("name", ["liaison", "stranger"])
def test_others_neither_ask_nor_decide(village, public, people, name):
    other = getattr(people, name)
    with pytest.raises(Forbidden):
        ask(village, other, public, "看着不好")
    asked = ask(village, people.clerk, public, "误发")
    assert not may_decide(other, asked)
    with pytest.raises(Forbidden):
        approve(village, other, asked)
    with pytest.raises(Forbidden):
        take_back(village, other, asked)


def test_a_reviewer_who_asks_leaves_it_to_another(village, public, people, tree):
    colleague = create_person("colleague", Role.REVIEWER, tree.town)
    asked = ask(village, people.reviewer, public, "误发")
    assert not may_decide(people.reviewer, asked)
    with pytest.raises(Forbidden):
        decline(village, people.reviewer, asked, "算了")
    approve(village, colleague, asked)
    assert public.state == PublicationState.WITHDRAWN


def test_it_is_declined_with_a_note_or_taken_back(village, public, people):
    asked = ask(village, people.clerk, public, "误发")
    with pytest.raises(Invalid):
        decline(village, people.reviewer, asked, " ")
    decline(village, people.reviewer, asked, "依法应当公开")
    assert find_open_request(village, public) is None
    again = ask(village, people.clerk, public, "误发")
    take_back(village, people.clerk, again)
    with pytest.raises(Conflict):
        approve(village, people.reviewer, again)
    assert public.state == PublicationState.PUBLISHED


def test_what_cannot_be_asked_for(village, public, make, people):
    with pytest.raises(Invalid):
        ask(village, people.clerk, public, "  ")
    with pytest.raises(Invalid):
        ask(village, people.clerk, public, "长" * 1001)
    with pytest.raises(Conflict):
        ask(village, people.clerk, make(village), "草稿没有公开")
    ask(village, people.clerk, public, "误发")
    with pytest.raises(Conflict):
        ask(village, people.reviewer, public, "再说一次")
