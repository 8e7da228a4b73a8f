"""The session cookie goes to this program only, and over HTTPS wherever there is any."""

import pytest

from core.app import create_app

PLACES = [
    # host, settings, Secure
    ("localhost", {}, False),
    ("127.0.0.1:8000", {}, False),
    ("[::1]:8000", {}, False),
    ("www.gov.example", {}, True),
    ("10.1.2.3", {}, True),
    ("www.gov.example", {"secure_cookies": False}, False),
    ("www.gov.example", {"public_url": "https://www.gov.example", "secure_cookies": False}, False),
    ("localhost", {"public_url": "https://localhost"}, True),
    ("localhost", {"secure_cookies": True}, True),
]


@pytest.fixture
def ask(settings):
    """Ask an application with these settings for a page; returns the answer."""
    opened = []

    def get(path, host, **values):
        application = create_app(settings.changed(**values))
        opened.append(application)
        return application.test_client().get(path, headers={"Host": host})

    yield get
    for application in opened:
        with application.app_context():
            application.extensions["sqlalchemy"].engine.dispose()


@pytest.mark.parametrize(("host", "values", "secure"), PLACES)
def test_the_session_is_sent_over_https_only(ask, host, values, secure):
    cookie = ask("/sign-in/", host, **values).headers["Set-Cookie"]
    assert ("Secure" in cookie) is secure
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie


@pytest.mark.parametrize(("prefix", "path"), [("", "/"), ("/zwgk", "/zwgk"), ("/a/b", "/a/b")])
def test_other_applications_of_the_domain_do_not_get_the_session(ask, prefix, path):
    cookie = ask(f"{prefix}/sign-in/", "localhost", url_prefix=prefix).headers["Set-Cookie"]
    assert f"Path={path};" in f"{cookie};"


def test_browsers_are_told_to_come_back_over_https(ask):
    told = {"public_url": "https://localhost"}
    assert (
        "max-age=31536000"
        in ask("/sign-in/", "localhost", **told).headers["Strict-Transport-Security"]
    )
    assert "Strict-Transport-Security" not in ask("/sign-in/", "localhost").headers


def test_a_form_sent_over_plain_http_is_told_why_it_fails(settings, app):
    app.config["WTF_CSRF_ENABLED"] = True
    browser = app.test_client()
    answer = browser.post("/sign-in/", data={}, headers={"Host": "10.1.2.3"})
    assert answer.status_code == 400
    assert "https://" in answer.text
