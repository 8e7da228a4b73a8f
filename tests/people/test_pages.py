"""An office manages its own people and those of the places below, over its pages."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.accounts.models import Membership, User
from core.accounts.service import find_user
from core.audit.models import AuditEntry
from core.clock import now, today
from core.db.scope import Scope, open_session
from core.people.codes import LASTS
from core.permissions import Role
from core.testing.factories.people import PASSWORD as GIVEN
from core.testing.factories.people import create_person
from core.testing.pages import url_for

pytestmark = pytest.mark.both_databases
PASSWORD = "一句很长很长的密码话"


@pytest.fixture
def office(client, tree):
    """The county's office, signed in; another officer of the county is there too."""
    create_person("boss", Role.OFFICER, tree.county)
    create_person("second", Role.OFFICER, tree.county)
    client.sign_in("boss")
    return client


def invitation(tenant, **more):
    named = {"name": "李信", "username": "lixin", "role": "clerk", "place": tenant.division_code}
    return named | more


def invite(client, tree, **more):
    """Invite somebody; return the account's id and the code of the sheet."""
    sent = invitation(tree.village, **more)
    page = client.post(url_for("people.create"), sent, status=200)
    assert "no-store" in page.headers["Cache-Control"]
    with open_session(None) as session:
        return find_user(session, sent["username"]).id, read_code(page)


def read_code(page):
    """The code on a sheet."""
    found = page.select("//dt[contains(., '一次性口令')]/following-sibling::dd[1]")
    return found[0].text_content().strip()


def choose(client, code, *, username="lixin", password=PASSWORD, status=302):
    sent = {"username": username, "code": code, "new": password, "again": password}
    return client.post(url_for("first_sign_in.choose"), sent, status=status)


def test_somebody_is_invited_on_paper_and_signs_in(office, tree):
    _person, code = invite(office, tree)
    office.forget()
    page = office.get(url_for("first_sign_in.show", name="lixin"))
    assert page.select("//input[@name='username']/@value") == ["lixin"]
    choose(office, code.lower().replace("-", " "))
    assert "欢迎" in office.get(url_for("accounts.account")).text
    office.get(url_for("console.home", place=tree.village))
    office.forget()
    choose(office, code, status=403)
    office.sign_in("lixin", PASSWORD)


def test_a_code_ends_after_two_weeks_and_a_new_one_replaces_it(office, tree, set_clock):
    person, code = invite(office, tree)
    again = office.post(url_for("people.reset_account", person), status=200)
    other = again.select("//dt[contains(., '一次性口令')]/following-sibling::dd[1]")[
        0
    ].text_content()
    browser = type(office)(office._app)
    choose(browser, code, status=403)
    set_clock(now() + LASTS + timedelta(minutes=1))
    choose(browser, other, status=403)


def test_codes_cannot_be_guessed(office, tree):
    invite(office, tree)
    browser = type(office)(office._app)
    for _each in range(10):
        choose(browser, "AAAA-AAAA-AAAA", status=403)
    page = choose(browser, "AAAA-AAAA-AAAA", status=403)
    assert "15 分钟" in page.text


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"username": "李信", "name": ""}, {"name", "username"}),
        ({"until": "2020-01-01", "since": "2021-01-01"}, {"until"}),
        ({"username": "boss"}, {"username"}),
        ({"organ": "没有局"}, {"organ"}),
        ({"place": "990112", "role": "king"}, {"place", "role"}),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_made(office, tree, typed, fields):
    sent = invitation(tree.village, **typed)
    page = office.post(url_for("people.create"), sent, status=422)
    errors = page.select("//p[@class='field__error']/@id")
    assert {error.removesuffix("-error") for error in errors} == fields
    with open_session(None) as session:
        assert find_user(session, "lixin") is None


def test_a_role_is_given_for_some_days_and_taken_away(office, tree):
    person, code = invite(office, tree)
    choose(type(office)(office._app), code)
    sent = {"place": tree.sister_town.division_code, "role": "liaison", "until": str(today())}
    office.post(url_for("people.give", person), sent)
    with open_session(None) as session:
        held = session.scalars(select(Membership).where(Membership.user_id == person)).all()
        assert {(one.role, one.until) for one in held} == {("clerk", None), ("liaison", today())}
        number = next(one.id for one in held if one.role == "clerk")
    clerk = type(office)(office._app)
    clerk.sign_in("lixin", PASSWORD)
    clerk.get(url_for("console.home", place=tree.village))
    office.post(url_for("people.take", person, number))
    clerk.get(url_for("console.home", place=tree.village), status=403)
    clerk.get(url_for("console.home", place=tree.sister_town))


def test_a_role_is_over_after_its_last_day(office, tree, set_clock):
    person, code = invite(office, tree, until=str(today()))
    clerk = type(office)(office._app)
    choose(clerk, code)
    clerk.get(url_for("console.home", place=tree.village))
    set_clock(now() + timedelta(days=1, hours=1))
    clerk.sign_in("lixin", PASSWORD)
    clerk.get(url_for("console.home", place=tree.village), status=403)
    office.sign_in("boss")
    assert "到期" in office.get(url_for("people.show", person)).text


def test_roles_are_handed_over_and_a_substitute_has_them_for_a_while(office, tree):
    leaver = create_person("leaver", Role.LIAISON, tree.county, (Role.REVIEWER, tree.town))
    create_person("newcomer", Role.CLERK, tree.sister_village)
    page = office.get(url_for("people.show", leaver.user_id))
    roles = page.select("//input[@name='roles']/@value")
    assert len(roles) == 2
    sent = {"successor": "newcomer", "roles": roles, "from_day": str(today()), "to_day": ""}
    office.post(url_for("people.give_on", leaver.user_id), sent)
    with open_session(None) as session:
        newcomer = find_user(session, "newcomer")
        assert {one.role for one in newcomer.memberships} == {"clerk", "liaison", "reviewer"}
        assert find_user(session, "leaver").memberships == []
    until = today() + timedelta(days=7)
    page = office.get(url_for("people.show", newcomer.id))
    sent |= {"successor": "leaver", "roles": page.select("//input[@name='roles']/@value")[:1]}
    office.post(url_for("people.give_on", newcomer.id), sent | {"to_day": str(until)})
    with open_session(None) as session:
        substitute = find_user(session, "leaver").memberships
        assert [one.until for one in substitute] == [until]
        assert len(find_user(session, "newcomer").memberships) == 3


def test_an_account_is_closed_with_its_sessions_and_opened_again(office, tree):
    leaver = create_person("leaver", Role.CLERK, tree.village)
    clerk = type(office)(office._app)
    clerk.sign_in("leaver")
    office.post(url_for("people.close_account", leaver.user_id))
    clerk.get(url_for("accounts.account"), status=302)
    clerk.post(
        url_for("accounts.sign_in_submit"), {"username": "leaver", "password": GIVEN}, status=403
    )
    office.post(url_for("people.open_account", leaver.user_id))
    clerk.sign_in("leaver")
    acts = office.get(url_for("people.show", leaver.user_id)).text
    assert "账号已停用" in acts
    assert "账号已恢复" in acts


def test_nobody_manages_himself_nor_takes_the_last_officer_away(office, tree):
    with open_session(None) as session:
        boss, second = (find_user(session, name) for name in ("boss", "second"))
    own = office.get(url_for("people.show", boss.id))
    assert own.select("//section[@aria-labelledby='account']") == []
    office.post(url_for("people.close_account", boss.id))
    office.post(url_for("people.close_account", second.id))
    with open_session(None) as session:
        assert find_user(session, "boss").active
        assert not find_user(session, "second").active
    office.post(url_for("people.open_account", second.id))
    other = type(office)(office._app)
    other.sign_in("second")
    other.post(url_for("people.close_account", boss.id))
    with open_session(None) as session:
        assert not find_user(session, "boss").active


def test_a_township_manages_its_own_and_its_villages_people_only(client, tree):
    create_person("town-office", Role.OFFICER, tree.town)
    clerk = create_person("clerk", Role.CLERK, tree.village)
    above = create_person("above", Role.LIAISON, tree.county)
    sister = create_person("sister", Role.CLERK, tree.other_county)
    both = create_person("both", Role.CLERK, tree.village, (Role.LIAISON, tree.county))
    client.sign_in("town-office")
    listed = client.get(url_for("people.index", place=tree.town)).text
    assert "clerk" in listed
    assert "both" in listed
    assert "above" not in listed
    for person in (above, sister):
        client.get(url_for("people.show", person.user_id, place=tree.town), status=404)
        client.post(url_for("people.close_account", person.user_id, place=tree.town), status=404)
    client.get(url_for("people.index"), status=403)
    client.post(url_for("people.close_account", both.user_id, place=tree.town))
    client.post(url_for("people.close_account", clerk.user_id, place=tree.town))
    outside = invitation(tree.county, role="officer")
    client.post(url_for("people.create", place=tree.town), outside, status=422)
    with open_session(None) as session:
        assert session.get_one(User, both.user_id).active
        assert not session.get_one(User, clerk.user_id).active
        assert find_user(session, "lixin") is None
    page = client.get(url_for("people.show", both.user_id, place=tree.town))
    assert "别处" in page.text
    assert len(page.select("//input[@name='roles']")) == 1


def test_the_list_is_narrowed_and_exported_and_the_export_is_on_record(office, tree):
    create_person("clerk", Role.CLERK, tree.village)
    narrowed = office.get(url_for("people.index", q="CLERK", role="clerk", status="active"))
    assert len(narrowed.select("//tbody/tr")) == 1
    answer = office.get(url_for("people.export", format="csv", q="clerk"))
    assert "clerk" in answer.data.decode("utf-8-sig")
    assert "boss" not in answer.data.decode("utf-8-sig")
    with open_session(Scope.platform("test")) as session:
        acts = session.scalars(select(AuditEntry.action)).all()
    assert "people.export" in acts
