"""Signing in and out, and the person's own account."""

import pytest

from core.accounts.service import ATTEMPTS_PER_ACCOUNT, add_user, get_user
from core.db.scope import open_session
from core.testing.pages import url_for

PASSWORD = "一句很长很长的密码话"
OTHER = "另一句很长很长的密码话"


@pytest.fixture
def wang(app):
    with open_session(None) as session:
        return add_user(session, username="wang", name="王联络", password=PASSWORD)


def test_a_refused_sign_in_keeps_the_name_but_not_the_password(client, wang):
    sent = {"username": "wang", "password": "falsch", "next": "/account/"}
    page = client.post(url_for("accounts.sign_in_submit"), sent, status=403)
    assert page.select("//input[@name='username']/@value") == ["wang"]
    assert page.select("//input[@name='password']/@value") == [""]
    assert page.select("//input[@name='next']/@value") == ["/account/"]
    assert "账号或密码不正确" in page.select("//*[@id='username-error']")[0].text_content()


def test_after_too_many_failures_the_page_says_how_long_to_wait(client, wang):
    for _ in range(ATTEMPTS_PER_ACCOUNT):
        client.post(
            url_for("accounts.sign_in_submit"),
            {"username": "wang", "password": "falsch"},
            status=403,
        )
    page = client.post(
        url_for("accounts.sign_in_submit"), {"username": "wang", "password": PASSWORD}, status=403
    )
    assert "15 分钟" in page.text


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil"])
def test_signing_in_never_leads_away(client, wang, target):
    sent = {"username": "wang", "password": PASSWORD, "next": target}
    assert client.post(url_for("accounts.sign_in_submit"), sent).location == "/"


def test_signing_out_ends_the_session(client, wang):
    client.sign_in("wang", PASSWORD)
    client.get(url_for("accounts.account"))
    client.sign_out()
    assert (
        client.get(url_for("accounts.account"), status=302).location == "/sign-in/?next=/account/"
    )


def test_an_account_without_a_role_says_whom_to_ask(client, wang):
    client.sign_in("wang", PASSWORD)
    assert "尚未在任何单位分配角色" in client.get(url_for("accounts.account")).text


def test_the_password_is_changed_and_other_devices_are_signed_out(app, client, wang):
    elsewhere = type(client)(app)
    elsewhere.sign_in("wang", PASSWORD)
    client.sign_in("wang", PASSWORD)
    client.get(url_for("accounts.password"))
    sent = {"current": PASSWORD, "new": OTHER, "again": OTHER}
    assert (
        "密码已修改"
        in client.get(client.post(url_for("accounts.password_submit"), sent).location).text
    )
    client.get(url_for("accounts.account"))
    elsewhere.get(url_for("accounts.account"), status=302)
    elsewhere.sign_in("wang", OTHER)


def test_what_is_wrong_is_said_at_the_field_and_nothing_changes(client, wang):
    client.sign_in("wang", PASSWORD)
    sent = {"current": PASSWORD, "new": OTHER, "again": "别的"}
    page = client.post(url_for("accounts.password_submit"), sent, status=422)
    assert "不一致" in page.select("//*[@id='again-error']")[0].text_content()
    assert page.select("//input[@type='password' and @value!='']") == []
    with open_session(None) as session:
        assert get_user(session, "wang").password_hash == wang.password_hash


def test_a_closed_account_is_signed_out_at_once(client, wang):
    client.sign_in("wang", PASSWORD)
    with open_session(None) as session:
        get_user(session, "wang").active = False
    client.get(url_for("accounts.account"), status=302)


@pytest.mark.parametrize("cookie", ["", "1", "1.", "x.y", "1.0000000000000000"])
def test_a_forged_session_id_is_nobody(app, wang, cookie):
    from core.accounts.access import _load

    with app.test_request_context():
        assert _load(cookie) is None
