"""Sessions end at once, everywhere, and by themselves where nobody uses them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core.accounts.models import Membership, User, UserSession
from core.accounts.service import add_user, give_role
from core.accounts.sessions import IDLE_MINUTES, LONGEST, SEEN_EVERY, begin_session, name_device
from core.clock import now
from core.db.scope import open_session
from core.permissions import Role
from core.testing.factories.people import create_person
from core.testing.pages import url_for
from core.web.site.cookies import OWN_COOKIES

pytestmark = pytest.mark.both_databases
PASSWORD = "一句很长很长的密码话"
COOKIE = OWN_COOKIES[0]


@pytest.fixture
def wang(app, tree):
    with open_session(None) as session:
        user = add_user(session, username="wang", name="王联络", password=PASSWORD)
        give_role(session, user, tree.county, Role.OFFICER)
        return user


def is_signed_in(client):
    return client.get(url_for("accounts.account"), allowed={302}).status == 200


def read_cookie(client):
    """The cookie that a browser holds."""
    return client._client.get_cookie(COOKIE).value


def copy_cookie(client, cookie):
    """Another browser with the same cookie."""
    other = type(client)(client._app)
    other.cookie(COOKIE, cookie)
    return other


def test_a_copied_cookie_is_worthless_after_signing_out(client, wang):
    client.sign_in("wang", PASSWORD)
    thief = copy_cookie(client, read_cookie(client))
    assert is_signed_in(thief)
    client.sign_out()
    assert not is_signed_in(thief)


def test_a_cookie_from_before_signing_in_is_never_signed_in(client, wang):
    client.get(url_for("accounts.sign_in"))
    planted = read_cookie(client)
    client.sign_in("wang", PASSWORD)
    assert read_cookie(client) != planted
    assert not is_signed_in(copy_cookie(client, planted))


def test_closing_an_account_ends_its_sessions(client, wang):
    client.sign_in("wang", PASSWORD)
    assert is_signed_in(client)
    with open_session(None) as session:
        session.execute(update(User).values(active=False))
    assert not is_signed_in(client)


def test_a_role_taken_away_is_gone_with_the_next_request(client, tree, wang):
    client.sign_in("wang", PASSWORD)
    client.get(url_for("console.home", place=tree.county))
    with open_session(None) as session:
        for held in session.scalars(select(Membership)):
            session.delete(held)
    client.get(url_for("console.home", place=tree.county), status=403)


def test_an_idle_session_ends_and_a_used_one_goes_on(client, wang, set_clock):
    begun = now()
    set_clock(begun, idle=True)
    client.sign_in("wang", PASSWORD)
    idle = timedelta(minutes=IDLE_MINUTES[Role.OFFICER])
    set_clock(begun + idle - SEEN_EVERY, idle=True)
    assert is_signed_in(client)
    set_clock(begun + idle + timedelta(minutes=1), idle=True)
    assert is_signed_in(client)
    set_clock(begun + 3 * idle, idle=True)
    assert not is_signed_in(client)


def test_no_session_lasts_for_ever(client, tree, set_clock):
    begun = now()
    set_clock(begun, idle=True)
    create_person("li", Role.CLERK, tree.village)
    client.sign_in("li")
    step = timedelta(minutes=IDLE_MINUTES[Role.CLERK] - 1)
    moment = begun
    while moment < begun + LONGEST - step:
        moment += step
        set_clock(moment, idle=True)
        assert is_signed_in(client)
    set_clock(begun + LONGEST, idle=True)
    assert not is_signed_in(client)
    client.sign_in("li")
    with open_session(None) as session:
        assert session.scalar(select(func.count(UserSession.id))) == 1


def test_everywhere_else_is_signed_out_by_one_button(app, client, wang):
    elsewhere = type(client)(app)
    elsewhere.sign_in("wang", PASSWORD)
    client.sign_in("wang", PASSWORD)
    page = client.get(url_for("accounts.account"))
    assert len(page.select("//section[@aria-labelledby='sessions']//li")) == 2
    client.post(url_for("accounts.end_others"))
    assert not is_signed_in(elsewhere)
    assert is_signed_in(client)


def test_the_database_keeps_no_secret(wang):
    with open_session(None) as session:
        token = begin_session(session, session.get_one(User, wang.id), "x")
        kept = session.scalars(select(UserSession.digest)).all()
    assert token not in kept


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 12) Chrome/99 MicroMessenger/8.0", "WeChat · Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone) Version/17 Safari/604", "Safari · iPhone"),
        ("curl/8", ""),
    ],
)
def test_devices_are_named_as_people_call_them(header, name):
    assert name_device(header) == name
