"""The shell of every page: choices, headers, errors, addresses."""

import json

import pytest

from core.testing.pages import url_for
from core.web.urls import safe_next


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "",
        None, "/\nevil.example", "/990111/\r\nSet-Cookie: a=b", "/\t/evil.example", "/990111/\x00",
    ],
)  # fmt: skip
def test_going_on_never_leaves_the_site(target):
    assert safe_next(target, "/home/") == "/home/"


def test_going_on_keeps_a_local_address():
    assert safe_next("/990111/search/?q=低保", "/") == "/990111/search/?q=低保"


def test_choices_are_remembered_on_the_device(client):
    page = client.get(
        url_for("preferences.choose", lang="en", elder=1, next="/sign-in/"), status=302
    )
    assert page.location == "/sign-in/"
    assert client.get(url_for("accounts.sign_in")).select("/html/@lang") == ["en"]


def test_unknown_choices_are_not_stored(client):
    page = client.get(
        url_for("preferences.choose", lang="xx", variant="../..", next="https://evil.example/"),
        status=302,
    )
    assert page.location == "/"
    assert "Set-Cookie" not in page.headers


def test_chinese_is_the_default_language(client):
    page = client.get(url_for("accounts.sign_in"))
    assert page.select("/html/@lang") == ["zh-Hans"]
    assert "登录" in page.text


def test_traditional_characters_are_a_choice(client):
    client.get(url_for("preferences.choose", variant="hant"), status=302)
    page = client.get(url_for("accounts.sign_in"))
    assert "登錄" in page.text or "登入" in page.text
    assert "账" not in page.text


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed(client):
    headers = client.get(url_for("accounts.sign_in")).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/nothing/here/", "/990111/", "/%00/", "/9%00/", "/" + "9" * 3000 + "/"]
)
def test_unknown_addresses_are_friendly(client, path):
    page = client.get(path, status=404)
    assert page.is_html
    assert "Traceback" not in page.text


def test_programs_get_their_errors_as_json(client):
    page = client.get("/nothing/", status=404, headers={"Accept": "application/json"})
    assert json.loads(page.data)["status"] == 404


def test_a_wrong_method_is_said_so(client):
    client.post(url_for("health.healthz"), status=405)


def test_health_answers(client):
    assert json.loads(client.get(url_for("health.healthz")).data) == {"status": "ok"}


def test_a_form_without_its_token_is_refused(app):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post(
        url_for("accounts.sign_in_submit"), data={"username": "a", "password": "b"}
    )
    assert answer.status_code == 400
    assert "表单" in answer.text
