"""The register, from the application to the end of the term."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from core.sdk import OPERATOR, Scope, count_notices, erase_person, open_session
from core.testing.factories.plugins import choose_settings, set_policy
from core.testing.pages import url_for
from core.testing.pdf import read_pdf_text
from plugins.supervisor_evaluation.models.register import ConflictOfInterest, EvaluationSupervisor
from plugins.supervisor_evaluation.register import REGISTER, load_conflicts
from plugins.supervisor_evaluation.tests.factories import make_supervisor

NAME = "supervisor_evaluation"
PAGES = f"plugin_{NAME}_register"
APPLY = f"plugin_{NAME}_application"
PERSON = {"name": "马志强", "phone": "13912345678", "birth_year": "1980", "unit": "县融媒体中心",
          "kind": "supervisor", "gender": "male", "background": "media", "areas": "惠农补贴\n低保",
          "agreed": "1"}  # fmt: skip


@pytest.fixture
def staff(client, county, sign_in_as, tree):
    """An officer of the county, whose pages these are."""
    sign_in_as("officer", tree.county)
    return client


def find(own):
    own.expire_all()
    return own.scalars(select(EvaluationSupervisor).order_by(EvaluationSupervisor.id)).all()


def decide(client, supervisor, act, **values):
    page = url_for(f"{PAGES}.show", supervisor.id)
    version = client.get(page).select("//input[@name='version']")[0].get("value")
    client.post(url_for(f"{PAGES}.decide", supervisor.id), {"act": act, "version": version}
                | values)  # fmt: skip


def test_an_applicant_is_appointed_confirmed_suspended_and_ended(
    client, own, county, sign_in_as, tree
):
    choose_settings(NAME, county, applications="yes")
    client.post(url_for(f"{APPLY}.send"), PERSON)
    client.post(url_for(f"{APPLY}.send"), PERSON)  # sent twice is there once
    (applicant,) = find(own)
    assert (applicant.state, applicant.areas) == ("applied", ["惠农补贴", "低保"])
    sign_in_as("officer", tree.county)
    decide(client, applicant, "appoint", day="2026-01-06")
    (supervisor,) = find(own)
    assert supervisor.letter_number == "聘〔2026〕1号"
    assert (supervisor.confirmed_until, supervisor.term_ends_on) == (
        date(2027, 1, 6), date(2028, 1, 6),
    )  # fmt: skip
    decide(client, supervisor, "confirm")
    assert find(own)[0].confirmed_until == date(2028, 1, 6)
    decide(client, supervisor, "suspend", reason="外出学习")
    assert REGISTER.list_appointed(own, county) == []
    decide(client, supervisor, "resume")
    decide(client, supervisor, "end", reason="本人申请")
    (ended,) = find(own)
    assert (ended.state, ended.link_digest, ended.reason) == ("ended", None, "本人申请")


def test_what_is_wrong_in_an_application_is_said_and_nothing_typed_is_lost(client, county):
    choose_settings(NAME, county, applications="yes")
    wrong = PERSON | {"birth_year": "2020", "phone": "12", "agreed": ""}
    page = client.post(url_for(f"{APPLY}.send"), wrong, status=422)
    assert {each.get("id") for each in page.select("//p[contains(@class,'field__error')]")} == {
        "birth_year-error", "phone-error", "agreed-error",
    }  # fmt: skip
    assert page.select("//input[@name='name']")[0].get("value") == "马志强"


def test_the_blank_form_guesses_nothing_about_a_person(staff):
    page = staff.get(url_for(f"{PAGES}.new"))
    chosen = "//select[@name='background']/option[@selected] | //input[@name='gender'][@checked]"
    assert [each.get("value") for each in page.select(chosen)] == ["unknown", "other"]


def test_nobody_applies_while_no_applications_are_taken(client, own, county):
    assert client.get(url_for(f"{APPLY}.form")).select("//form[@method='post']") == []
    client.post(url_for(f"{APPLY}.send"), PERSON, status=409)
    assert find(own) == []


def test_a_decision_that_lacks_its_reason_changes_nothing(staff, own, county):
    own.add(make_supervisor(county))
    own.commit()
    (supervisor,) = find(own)
    page = url_for(f"{PAGES}.decide", supervisor.id)
    answer = staff.post(page, {"act": "end", "version": supervisor.version}, status=422)
    assert answer.select("//*[@id='reason-error']")
    assert find(own)[0].state == "appointed"


def test_two_windows_do_not_decide_twice(staff, own, county):
    own.add(make_supervisor(county))
    own.commit()
    (supervisor,) = find(own)
    old = supervisor.version
    decide(staff, supervisor, "suspend", reason="甲")
    page = url_for(f"{PAGES}.decide", supervisor.id)
    staff.post(page, {"act": "end", "reason": "乙", "version": old}, status=409)
    assert find(own)[0].state == "suspended"


def test_a_number_is_in_the_register_once_and_a_letter_has_one_number(staff, own, county):
    own.add(make_supervisor(county, letter_number="聘〔2026〕7号", name="甲"))
    own.commit()
    staff.post(url_for(f"{PAGES}.create"), PERSON)
    staff.post(url_for(f"{PAGES}.create"), PERSON | {"name": "别人"}, status=422)
    nominated = find(own)[1]
    assert (nominated.state, nominated.source) == ("nominated", "nomination")
    page = url_for(f"{PAGES}.decide", nominated.id)
    taken = {"act": "appoint", "letter_number": "聘〔2026〕7号", "version": nominated.version}
    assert staff.post(page, taken, status=422).select("//*[@id='letter_number-error']")
    decide(staff, nominated, "appoint", day="2026-01-06")
    assert find(own)[1].letter_number == "聘〔2026〕8号"


def test_the_letter_bears_a_link_to_the_desk_and_a_new_one_ends_the_old(staff, own, county):
    own.add(make_supervisor(county, letter_number="聘〔2026〕1号"))
    own.commit()
    (supervisor,) = find(own)
    secrets = []
    for _time in range(2):
        made = staff.post(url_for(f"{PAGES}.letter", supervisor.id), status=200)
        assert made.data.startswith(b"%PDF")
        secrets.append(read_secret(made.data))
    staff.get(url_for(f"plugin_{NAME}_desk.show", secrets[0]), status=404)
    page = staff.get(url_for(f"plugin_{NAME}_desk.show", secrets[1]))
    assert "王秀英" in page.text
    assert page.select("//meta[@name='robots'][contains(@content,'noindex')]")
    assert "no-store" in page.headers["Cache-Control"]
    assert secrets[1] not in str([row.link_digest for row in find(own)])
    staff.post(url_for(f"{PAGES}.withdraw_link", supervisor.id))
    staff.get(url_for(f"plugin_{NAME}_desk.show", secrets[1]), status=404)


def read_secret(pdf):
    """Read the secret of the address that the letter prints."""
    return re.search(r"/evaluation/desk/([\w-]+)/", read_pdf_text(pdf))[1]


def test_either_side_declares_conflicts_and_they_block(client, staff, own, county, tree):
    own.add(make_supervisor(county, letter_number="1"))
    own.commit()
    (supervisor,) = find(own)
    secret = read_secret(client.post(url_for(f"{PAGES}.letter", supervisor.id), status=200).data)
    desk = url_for(f"plugin_{NAME}_desk.declare", secret)
    client.post(desk, {"subject": f"township:{tree.town.id}", "why": "家人任职"})
    client.post(desk, {"subject": f"township:{tree.village.id}", "why": "村"}, status=422)
    client.post(desk, {"subject": f"township:{tree.town.id}", "why": ""}, status=422)
    own.rollback()
    assert load_conflicts(own, county) == {(supervisor.id, "township", tree.town.id)}
    row = own.scalars(select(ConflictOfInterest)).one()
    client.post(url_for(f"{PAGES}.withdraw", supervisor.id, row.id))
    own.rollback()
    assert load_conflicts(own, county) == frozenset()


def test_each_night_terms_end_and_those_that_end_soon_are_reminded_of(own, county, set_clock):
    set_clock(date(2026, 1, 6))
    until = date(2026, 1, 20)
    own.add_all(
        [
            make_supervisor(county, name="将满", confirmed_until=until, term_ends_on=until),
            make_supervisor(county, name="届满", confirmed_until=date(2026, 1, 5), phone=""),
        ]
    )
    own.flush()
    for _night in range(2):
        REGISTER.tend(own, county)
    own.flush()
    soon, over = find(own)
    assert (soon.state, over.state, over.ended_on) == ("appointed", "ended", date(2026, 1, 6))
    assert sum(count_notices(own, county, f"{NAME}.renewal").values()) == 1


def test_data_of_a_person_go_on_request_and_counts_stay(own, county, tree):
    supervisor = make_supervisor(county)
    REGISTER.set_person(supervisor, {"phone": "13912345678"})
    own.add(supervisor)
    own.commit()
    with open_session(Scope.own(county)) as session:
        erase_person(session, county, OPERATOR, "13912345678", reason="本人要求")
        session.commit()
    (gone,) = find(own)
    assert (gone.name, gone.phone, gone.unit, gone.birth_year) == ("", "", "", None)
    assert (gone.gender, gone.state) == ("female", "appointed")


def test_where_the_plugin_is_off_the_desk_is_not_there(client, tree, county):
    set_policy(NAME, tree.county, "off")
    client.get(url_for(f"plugin_{NAME}.index"), status=404)
