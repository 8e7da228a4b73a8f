"""Objections on the desk: keyed in, passed on to the township, upheld, followed by a correction."""

from datetime import date

import pytest

from core.db.scope import Scope, open_session
from core.publishing.models import Publication
from core.publishing.workflow.drafts import get_working_content, save_content, submit
from core.publishing.workflow.review import pass_review
from core.tenancy.service import ensure_organ
from core.testing.factories.people import create_person
from core.testing.pages import url_for
from tests.publishing.objections.households import FIRST, LAST, change, load_cases


@pytest.fixture
def correct_list(tree, people, checked):
    """Write the correction that was begun, and publish it."""

    def write(number):
        with open_session(Scope.own(tree.village)) as session:
            publication = session.get_one(Publication, number)
            content = get_working_content(session, publication)
            save_content(
                session, people.clerk, publication, content, note="经核实异议成立，更正面积"
            )
            submit(session, people.clerk, publication)
        with open_session(Scope.subtree(tree.town, "review")) as session:
            publication = session.get_one(Publication, number)
            pass_review(session, people.officer, publication, checked)

    return write


@pytest.mark.both_databases
def test_what_is_said_by_telephone_is_keyed_in_with_the_day_of_the_call(
    desk, tree, households, set_clock
):
    """N9, N22: the day on which it came counts, and its term begins then."""
    set_clock(date(2026, 3, 10))
    desk.sign_in("clerk")
    desk.key_in(households, phone="13912345678", name="马某", came_on=str(LAST))
    (case,) = load_cases(tree.village)
    assert case.channel == "phone"
    assert case.due_on == date(2026, 3, 13)
    desk.key_in(households, 422, came_on="2026-03-09")
    desk.key_in(households, 422, came_on="2026-03-01")
    desk.key_in(households, 422, came_on="2026-03-11")
    desk.key_in(households, 422, text="")
    assert len(load_cases(tree.village)) == 1
    found = {"number": case.number, "phone": "13912345678"}
    desk.client.post(url_for("messages.find", place=tree.village), data=found, status=303)


@pytest.mark.both_databases
def test_an_upheld_objection_leads_to_a_linked_correction(
    desk, tree, households, object_to, correct_list
):
    """N22: decided by two people; the public reads totals, never who objected to what."""
    ticket = object_to(households, row_number="2", name="马某")
    assert "收到异议 1 件，已处理 0 件" in desk.panel(households)
    case = load_cases(tree.village)[0]
    correct = url_for("publishing_objections.correct", households, case.id, place=tree.village)
    desk.sign_in("clerk")
    desk.client.post(correct, status=409)
    desk.do("answer", case.number, 422, act="draft", reply="好", outcome="")
    desk.do("answer", case.number, 422, act="draft", reply="好", outcome="no")
    desk.answer("upheld")
    assert "成立：更正名单" in desk.client.get(ticket).text
    desk.sign_in("clerk")
    home = desk.client.get(url_for("console.home", place=tree.village))
    address_of_desk = url_for("publishing_objections.index", households, place=tree.village)
    assert home.select(f"//a[@href='{address_of_desk}']")
    desk.client.post(correct, status=303)
    desk.client.post(correct, status=303)  # goes on with the one that was begun
    correct_list(households)
    assert "2026-03-02 已更正" in desk.client.get(address_of_desk).text
    desk.client.post(correct, status=409)
    home = desk.client.get(url_for("console.home", place=tree.village))
    assert not home.select(f"//a[@href='{address_of_desk}']")
    shown = desk.panel(households)
    assert "收到异议 1 件，已处理 1 件" in shown
    assert "马某" not in shown


def test_a_rejected_one_gets_a_reply_and_no_correction(desk, tree, households, object_to):
    ticket = object_to(households)
    desk.answer("rejected")
    sent = desk.client.get(ticket).text
    assert "不成立：维持公示内容" in sent
    number = load_cases(tree.village)[0].number
    letter = desk.client.get(url_for("messages_console.letter", number, place=tree.village)).text
    assert "已核实。" in letter
    assert "不成立：维持公示内容" in letter
    assert "已核实。" in sent
    case = load_cases(tree.village)[0]
    desk.sign_in("clerk")
    address = url_for("publishing_objections.correct", households, case.id, place=tree.village)
    desk.client.post(address, status=409)


@pytest.mark.both_databases
def test_the_township_decides_and_the_village_corrects(desk, tree, households, object_to):
    """N22: what went to the township counts once, and its outcome reaches the village's list."""
    object_to(households)
    number = load_cases(tree.village)[0].number
    desk.sign_in("clerk")
    with open_session(Scope.own(tree.town)) as session:
        office = ensure_organ(session, tree.town, "东镇农业服务中心").id
    told = {"act": "transfer", "note": "请农业服务中心核实"}
    desk.do("answer", number, 422, **told, place=f"{tree.town.division_code}/999999")
    told["place"] = f"{tree.town.division_code}/{office}"
    desk.do("answer", number, 303, **told)
    assert "收到异议 1 件，已处理 0 件" in desk.panel(households)
    assert load_cases(tree.town)[0].organ_id == office
    create_person("town-officer", "liaison", tree.town)
    desk.answer("upheld", at=tree.town, people=("town-officer", "reviewer"))
    assert "收到异议 1 件，已处理 1 件" in desk.panel(households)
    there = load_cases(tree.town)[0]
    desk.sign_in("clerk")
    home = desk.client.get(url_for("console.home", place=tree.village))
    address_of_desk = url_for("publishing_objections.index", households, place=tree.village)
    assert home.select(f"//a[@href='{address_of_desk}']")
    assert there.text not in desk.client.get(address_of_desk).text
    address = url_for("publishing_objections.correct", households, there.id, place=tree.village)
    desk.client.post(address, status=303)


def test_a_list_on_the_board_only_takes_them_by_telephone(desk, tree, households):
    """N30: its sheet has telephone and last day; the web has neither."""
    change(tree.village, households, off_web_from=FIRST)
    desk.sign_in("clerk")
    sheet = desk.client.get(url_for("publishing_board.sheet", households, place=tree.village)).text
    assert str(LAST) in sheet
    desk.key_in(households, channel="visit", row_number="2")
    assert load_cases(tree.village)[0].row_number == 2


def test_terms_of_a_list_stand_before_those_of_its_place(desk, tree, households):
    """N23: who receives, and by when it is answered, are the county's and the list's to say."""
    desk.sign_in("officer")
    address = url_for("publishing_objections.place_terms", place=tree.county)
    version = desk.client.get(address).select("//input[@name='version']/@value")[0]
    told = {"office": "东镇农业服务中心", "phone": "0999-5551000", "answer_days": "3"}
    desk.client.post(address, data={"version": version} | told, status=303)
    assert "农业服务中心" in desk.panel(households)
    assert "3 个工作日" in desk.panel(households)
    page = desk.client.get(url_for("publishing.show", households, place=tree.village))
    assert page.select("//a[@href='tel:09995551000']")
    desk.sign_in("clerk")
    terms = url_for("publishing_objections.terms", households, place=tree.village)
    version = desk.client.get(terms).select("//input[@name='version']/@value")[0]
    save = url_for("publishing_objections.save_terms", households, place=tree.village)
    own = {"office": "村委会", "phone": "13800001111", "answer_days": "99"}
    desk.client.post(save, data={"version": version} | own, status=422)
    desk.client.post(save, data={"version": version} | own | {"answer_days": "2"}, status=303)
    shown = desk.panel(households)
    assert "村委会" in shown
    assert "2 个工作日" in shown
    assert "农业服务中心" not in shown


def test_only_those_of_the_place_key_in_and_correct(desk, tree, households):
    desk.sign_in("reviewer")
    desk.key_in(households, 403)
    desk.sign_in("stranger")
    desk.key_in(households, 403)
