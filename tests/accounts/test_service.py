"""Accounts: creation, roles, sign-in, the lockout, another password."""

from datetime import timedelta

import pytest
import time_machine
from flask_babel import force_locale
from sqlalchemy import func, select

from core.accounts.service import (
    ATTEMPTS_PER_ACCOUNT,
    ATTEMPTS_PER_ADDRESS,
    LOCKOUT,
    add_user,
    change_password,
    check_password,
    get_user,
    give_role,
    list_workplaces,
    to_actor,
    workplaces,
)
from core.db.base import utc_now
from core.db.scope import new_session
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.permissions import Role
from core.web.rate_limit import RateLimit

pytestmark = pytest.mark.both_databases
PASSWORD = "一句很长很长的密码话"
ADDRESS = "203.0.113.7"


@pytest.fixture
def people(app):
    session = new_session(None)
    with force_locale("en"):
        yield session
    session.close()


@pytest.fixture
def wang(people):
    user = add_user(people, username="wang", name="王联络", password=PASSWORD)
    people.commit()
    return user


def fail(session, username, times, address=ADDRESS):
    for _ in range(times):
        with pytest.raises(Forbidden):
            check_password(session, username, "不对的密码", address)


def test_a_password_is_kept_as_a_hash_only(wang):
    assert wang.password_hash.startswith("$argon2id$")
    assert PASSWORD not in wang.password_hash


def test_the_right_password_signs_in(people, wang):
    assert check_password(people, "wang", PASSWORD, ADDRESS) is wang


@pytest.mark.parametrize("username", ["wang", "nobody-of-this-name"])
def test_a_wrong_password_and_an_unknown_account_sound_alike(people, wang, username):
    with pytest.raises(Forbidden) as refused:
        check_password(people, username, "不对的密码", ADDRESS)
    assert refused.value.message == "The account name or the password is wrong."


def test_a_closed_account_does_not_sign_in(people, wang):
    wang.active = False
    people.commit()
    with pytest.raises(Forbidden):
        check_password(people, "wang", PASSWORD, ADDRESS)
    assert to_actor(people, wang).held == ()


def test_too_many_failures_lock_the_account_even_for_the_right_password(people, wang):
    fail(people, "wang", ATTEMPTS_PER_ACCOUNT)
    with pytest.raises(Forbidden) as refused:
        check_password(people, "wang", PASSWORD, "198.51.100.1")
    assert "15" in refused.value.message


def test_the_lock_ends_by_itself_and_old_failures_are_forgotten(people, wang):
    fail(people, "wang", ATTEMPTS_PER_ACCOUNT)
    with time_machine.travel(utc_now() + LOCKOUT + timedelta(seconds=1), tick=False):
        fail(people, "wang", 1)
        assert people.scalar(select(func.count(RateLimit.key))) == 2  # account and address
        assert check_password(people, "wang", PASSWORD, ADDRESS) is wang


def test_a_success_wipes_the_failures_of_the_account(people, wang):
    fail(people, "wang", ATTEMPTS_PER_ACCOUNT - 1)
    check_password(people, "wang", PASSWORD, ADDRESS)
    people.commit()
    fail(people, "wang", ATTEMPTS_PER_ACCOUNT - 1)
    assert check_password(people, "wang", PASSWORD, ADDRESS) is wang


def test_one_address_cannot_try_many_accounts(people, wang):
    for number in range(ATTEMPTS_PER_ADDRESS):
        fail(people, f"u{number}", 1)
    with pytest.raises(Forbidden):
        check_password(people, "wang", PASSWORD, ADDRESS)
    assert check_password(people, "wang", PASSWORD, "198.51.100.1") is wang


def test_the_lock_survives_a_restart(people, wang):
    fail(people, "wang", ATTEMPTS_PER_ACCOUNT)
    other = new_session(None)
    with pytest.raises(Forbidden):
        check_password(other, "wang", PASSWORD, ADDRESS)
    other.close()


def test_names_are_given_once_and_passwords_are_long(people, wang):
    with pytest.raises(Conflict):
        add_user(people, username="wang", name="另一个王", password=PASSWORD)
    with pytest.raises(Invalid) as short:
        add_user(people, username="li", name="李", password="short")
    assert short.value.fields.keys() == {"password"}
    with pytest.raises(Invalid):
        add_user(people, username="  ", name="空", password=PASSWORD)
    with pytest.raises(NotFound):
        get_user(people, "li")


def test_a_role_is_held_once_and_shows_where_the_person_works(people, wang, tree):
    assert give_role(people, wang, tree.town, Role.LIAISON)
    assert not give_role(people, wang, tree.town, Role.LIAISON)
    give_role(people, wang, tree.county, Role.REVIEWER)
    give_role(people, wang, tree.nation, Role.OFFICER)
    people.flush()
    assert [(t.division_code, role) for t, role in workplaces(people, wang)] == [
        ("CN", Role.OFFICER),
        ("990111", Role.REVIEWER),
        ("990111100", Role.LIAISON),
    ]
    portals = list_workplaces(people, to_actor(people, wang))
    assert [tenant.division_code for tenant in portals] == ["990111", "990111100"]


def test_another_password_replaces_the_first(people, wang):
    change_password(
        people, wang, current=PASSWORD, new=PASSWORD + "!", again=PASSWORD + "!", address=ADDRESS
    )
    assert check_password(people, "wang", PASSWORD + "!", ADDRESS) is wang


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"current": "不对的密码"}, "current"),
        ({"new": "短"}, "new"),
        ({"new": PASSWORD, "again": PASSWORD}, "new"),
        ({"again": "别的"}, "again"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said_at_its_field(people, wang, typed, field):
    another = "另一句很长很长的密码话"
    values = {"current": PASSWORD, "new": another, "again": another}
    with pytest.raises(Invalid) as wrong:
        change_password(people, wang, address=ADDRESS, **(values | typed))
    assert wrong.value.fields.keys() == {field}


def test_guessing_the_present_password_locks_the_account_too(people, wang):
    typed = {"current": "猜", "new": "另一句很长很长的密码话", "again": "另一句很长很长的密码话"}
    for _ in range(ATTEMPTS_PER_ACCOUNT):
        with pytest.raises(Invalid):
            change_password(people, wang, address=ADDRESS, **typed)
    with pytest.raises(Forbidden):
        change_password(people, wang, address=ADDRESS, **(typed | {"current": PASSWORD}))
