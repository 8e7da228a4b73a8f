"""A form that is sent after its session has ended comes back filled in; nothing typed is lost."""

import json
import re

import pytest
from flask import g
from lxml import html

from core.testing.factories.people import PASSWORD, create_person
from core.testing.pages import PageClient, url_for
from core.web.forms.filling import FoundForm
from core.web.forms.kept import read_kept

HERE = {"Sec-Fetch-Site": "same-origin"}
TEXT = "第一段 <b>不是标记</b>\n第二段 & 一句"


@pytest.fixture
def person(app, tree):
    """A browser with tokens as in real life, of somebody who writes for the county."""
    app.config["WTF_CSRF_ENABLED"] = True
    # The context of the application, which tests share, would keep the token of the first request.
    app.teardown_request(lambda _error: g.pop("csrf_token", None))
    create_person("zhao", "officer", tree.county)
    browser = PageClient(app)
    sign_in(browser)
    return browser


def sign_in(person, **more):
    page = person.get(url_for("accounts.sign_in"))
    token = page.select("//input[@name='csrf_token']/@value")[0]
    fields = {"csrf_token": token, "username": "zhao", "password": PASSWORD}
    return person.post(url_for("accounts.sign_in_submit"), fields | more)


def open_form(person):
    """Open the form of a new publication and type into it; return its page's address and fields."""
    address = url_for("publishing_console.new")
    form = next(form for form in person.get(address).tree.forms if "body" in form.fields)
    typed = dict(form.fields) | {
        "title": "关于道路改造的公告",
        "body": TEXT,
        "no_item_reason": "无",
    }
    return form.get("action"), {name: value for name, value in typed.items() if value is not None}


def send(person, action, typed, *, headers=HERE, **options):
    sent = {"Referer": "http://localhost" + url_for("publishing_console.new")} | headers
    return person.post(action, typed, headers=sent, **options)


def filled_form(page, action):
    """Return the fields of the form on a page that goes to an address."""
    form = next(form for form in page.tree.forms if form.get("action") == action)
    return dict(form.fields)


def test_after_signing_in_again_the_form_comes_back_filled_in_and_can_be_sent(person):
    action, typed = open_form(person)
    person.forget()
    asked = send(person, action, typed, status=401)
    assert "登录" in asked.text
    assert "刷新" not in asked.text
    kept = asked.select("//input[@name='kept']/@value")[0]
    token = asked.select("//input[@name='csrf_token']/@value")[0]
    fields = {"csrf_token": token, "username": "zhao", "password": PASSWORD, "kept": kept}

    again = person.post(url_for("accounts.sign_in_submit"), fields, status=200)

    shown = filled_form(again, action)
    assert shown["title"] == typed["title"]
    assert shown["body"].strip() == TEXT
    assert shown["csrf_token"] != typed["csrf_token"]
    assert again.headers["Cache-Control"] == "no-store"
    person.post(action, {**shown, "act": "save"}, headers=HERE)


def test_a_wrong_password_does_not_lose_the_form(person):
    action, typed = open_form(person)
    person.forget()
    asked = send(person, action, typed, status=401)
    kept = asked.select("//input[@name='kept']/@value")[0]
    token = asked.select("//input[@name='csrf_token']/@value")[0]
    fields = {"csrf_token": token, "username": "zhao", "password": "wrong", "kept": kept}
    refused = person.post(url_for("accounts.sign_in_submit"), fields, status=403)
    assert refused.select("//input[@name='kept']/@value") == [kept]


def test_of_an_expired_token_the_form_comes_back_at_once(person):
    action, typed = open_form(person)
    again = send(person, action, typed | {"csrf_token": "old"}, status=400)
    assert filled_form(again, action)["title"] == typed["title"]
    assert again.select("//form/preceding-sibling::div[contains(@class, 'notice')]")


def test_the_account_whose_sessions_were_ended_elsewhere_is_asked_to_sign_in(person, app):
    action, typed = open_form(person)
    app.config["WTF_CSRF_ENABLED"] = False
    person.forget()
    asked = send(person, action, typed, status=401)
    assert asked.select("//input[@name='kept']")


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
)
def test_what_other_sites_send_is_not_put_into_a_form(person, headers):
    action, typed = open_form(person)
    person.forget()
    refused = send(person, action, typed, headers=headers, status=400)
    assert typed["title"] not in refused.text
    assert not refused.select("//input[@name='kept']")


def test_passwords_are_not_kept(person):
    person.forget()
    fields = {"username": "zhao", "password": "geheim-7", "csrf_token": "old"}
    page = person.post(
        url_for("accounts.sign_in_submit"), fields, status=400,
        headers=HERE | {"Referer": "http://localhost" + url_for("accounts.sign_in")},
    )  # fmt: skip
    assert filled_form(page, url_for("accounts.sign_in_submit"))["username"] == "zhao"
    assert b"geheim-7" not in page.data


def test_where_the_page_of_the_form_is_gone_it_can_be_sent_all_the_same(person):
    action, typed = open_form(person)
    gone = {"Referer": f"http://localhost{action}no/such/page/"}
    page = send(person, action, typed | {"csrf_token": "old"}, headers=HERE | gone, status=400)
    shown = filled_form(page, action)
    assert shown["body"] == TEXT
    person.post(action, {**shown, "act": "save"}, headers=HERE)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "[" * 5_000, '{"page": "//evil.example", "action": "/a", "fields": []}',
     '{"page": "/a", "action": "https://evil.example", "fields": []}',
     '{"page": "/a", "action": "/b", "fields": [1]}'],
)  # fmt: skip
def test_what_nobody_kept_is_nothing(app, text):
    with app.test_request_context("/"):
        assert read_kept(text) is None


FORM = """<!doctype html><html><body><main>
<form method="post" action="/remove/"><button name="title">删除</button></form>
<form method="post" action="save/">
<input type="hidden" name="csrf_token" value="new"><input name="title" value="">
<textarea name="body"></textarea><input type="checkbox" name="box" value="a" checked>
<input type="checkbox" name="box" value="b"><input type="radio" name="one" value="x">
<select name="pick"><option>甲</option><option value="2" selected>乙</option></select>
<input type="file" name="file"><input name="row"><input name="row">
<button name="act" value="save">存</button></form></main></body></html>"""


def fill(typed, action="/forms/save/"):
    found = FoundForm.find(FORM.encode(), "/forms/", action, typed)
    if found is None:
        return None
    found.fill(typed)
    return html.document_fromstring(found.write("<p>提示</p>").decode())


def test_every_kind_of_control_is_filled():
    typed = [
        ("csrf_token", "old"), ("title", "标题"), ("body", "\n一\n二"), ("box", "b"), ("one", "x"),
        ("pick", "甲"), ("row", "1"), ("row", "2"), ("row-7", "更多"), ("act", "save"),
    ]  # fmt: skip
    form = fill(typed).forms[1]
    sent = [(name, re.sub("^\n", "", value)) for name, value in form.form_values()]
    assert sorted(sent) == sorted([("csrf_token", "new"), *typed[1:9]])


def test_what_no_document_can_hold_is_left_out_of_the_page():
    typed = [("title", "标\x1a题\uffff"), ("body", "一\x00\r\n二"), ("f\x0burther", "更\x08多")]
    form = dict(fill(typed).forms[1].form_values())
    assert (form["title"], form["body"], form["further"]) == ("标题", "\n一\n二", "更多")


def test_a_page_without_the_form_is_left_alone():
    assert fill([("title", "x")], "/other/") is None


def test_what_is_kept_is_read_as_it_was(person):
    action, typed = open_form(person)
    person.forget()
    asked = send(person, action, typed, status=401)
    kept = json.loads(asked.select("//input[@name='kept']/@value")[0])
    assert dict(kept["fields"])["body"].replace("\r\n", "\n") == TEXT
    assert kept["page"] == url_for("publishing_console.new")
