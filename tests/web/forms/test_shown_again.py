"""A form that could not be stored is shown again, filled in: overtaken, refused, database busy."""

from contextlib import contextmanager
from io import BytesIO

import pytest
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from core.db.engine import db
from core.publishing.models import Publication
from core.testing.factories.people import create_person
from core.testing.pages import url_for
from core.web.forms.differences import list_differences
from core.web.forms.filling import FoundForm

TEXT = "第一段\n第二段 & <b>一句</b>\n第三段\n第四段"
TYPED = {
    "title": "供水公告",
    "body": TEXT,
    "no_item_reason": "自愿公开",
    "theme": "",
    "act": "save",
}


@pytest.fixture
def language():
    """What the browser speaks; none is chosen."""
    return ""


@pytest.fixture
def writer(tree, client, language):
    if language:
        client.cookie("gk_lang", language)
    create_person("liu", "officer", tree.county)
    client.sign_in("liu")
    client.get(url_for("publishing_console.new"))  # the first visit makes the county's own organ
    return client


@pytest.fixture
def stored(writer, platform):
    """A draft that two people have open: its address, and a way to change it meanwhile."""
    page = writer.post(url_for("publishing_console.create"), TYPED)
    number = int(page.location.rstrip("/").rpartition("/")[2])

    def change(**typed):
        address = url_for("publishing_console.save", number)
        writer.post(address, TYPED | {"version": read_version(writer, number)} | typed)

    def read():
        platform.expire_all()
        return platform.scalars(select(Publication)).one()

    return number, change, read


def read_version(client, number):
    edit = client.get(url_for("publishing_console.edit", number))
    return edit.select("//input[@name='version']/@value")[0]


@contextmanager
def other_writer(monkeypatch):
    """Hold SQLite's write lock longer than anybody waits."""
    monkeypatch.setattr("core.web.retry.PATIENCE", 0.2)
    monkeypatch.setattr("core.db.engine.BUSY_MS", 50)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        connection.rollback()


def main_form(page, action):
    return next(form for form in page.tree.forms if form.get("action", "").startswith(action))


def press(client, page, button):
    """Send the form of a button outside it, as a browser does."""
    form = page.tree.get_element_by_id(button.get("form"))
    fields = [*form.form_values(), *([(button.get("name"), button.get("value"))])]
    data = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    return client.post(form.get("action"), data)


@pytest.mark.both_databases
def test_who_was_overtaken_sees_theirs_beside_mine_and_may_save_on_top(writer, stored):
    number, change, read = stored
    old = read_version(writer, number)
    change(title="他们的标题", body=TEXT.replace("第三段", "他们的第三段"))
    address = url_for("publishing_console.save", number)
    mine = TYPED | {"version": old, "title": "我的标题", "note": "", "body": TEXT + "\n第五段"}

    page = writer.post(address, mine, status=409)

    assert "他人已修改" in page.text
    rows = {
        row.xpath("string(th)").strip(): [cell.text_content().split() for cell in row.xpath("td")]
        for row in page.select("//div[@role='alert']//tbody/tr")
    }
    assert rows == {
        "标题": [["他们的标题"], ["我的标题"]],
        "正文": [["他们的第三段"], ["第三段", "第五段"]],
    }
    form = main_form(page, address)
    assert form.fields["title"] == "我的标题"
    assert form.fields["body"].strip() == mine["body"]
    assert page.select("//*[@id='text-preview']//*[contains(., '他们的')]") == []
    assert page.headers["Cache-Control"] == "no-store"
    assert read().title == "他们的标题"

    [button] = page.select("//div[@role='alert']//button")
    press(writer, page, button)
    assert (read().title, read().body_source.split()[-1]) == ("我的标题", "第五段")


def test_whoever_else_saves_meanwhile_is_not_overwritten_by_the_second_try(writer, stored):
    number, change, read = stored
    old = read_version(writer, number)
    change(title="他们的标题")
    address = url_for("publishing_console.save", number)
    page = writer.post(address, TYPED | {"version": old, "title": "我的"}, status=409)
    change(title="又改了")
    shown = dict(main_form(page, address).fields)
    writer.post(address, {**shown, "act": "save"}, status=409)
    assert read().title == "又改了"


def test_a_file_that_was_chosen_is_named_at_its_field(writer, stored):
    number, change, _read = stored
    old = read_version(writer, number)
    change(title="他们的标题")
    data = TYPED | {"version": old, "files": (BytesIO(b"a"), "名单<1>.txt")}
    page = writer.post(url_for("publishing_console.save", number), data, status=409)
    [note] = page.select("//input[@name='files']/../p[@class='field__error']")
    assert "名单<1>.txt" in note.text_content()
    assert page.select("//input[@name='photos']/../p[@class='field__error']") == []


def test_what_can_be_edited_no_more_is_kept_to_be_copied(writer, stored, platform):
    number, _change, read = stored
    old = read_version(writer, number)
    text = read()
    text.state, text.demanded_records = "in_review", "none"
    platform.commit()
    address = url_for("publishing_console.save", number)
    page = writer.post(address, TYPED | {"version": old, "title": "我的标题"}, status=409)
    shown = [text.text_content() for text in page.select("//main//pre")]
    assert "我的标题" in shown
    assert TEXT in shown
    assert read().title == TYPED["title"]


def test_while_the_database_is_busy_the_form_itself_is_kept(writer, monkeypatch, platform):
    action = url_for("publishing_console.create")
    typed = TYPED | {"act": "save", "photos": (BytesIO(b"x"), "现场.jpg")}
    here = {"Referer": "http://localhost" + url_for("publishing_console.new")}
    with other_writer(monkeypatch):
        page = writer.post(action, typed, status=503, headers=here)
    assert page.headers["Retry-After"]
    assert "没有保存任何内容" in page.text
    form = main_form(page, action)
    assert (form.fields["title"], form.fields["body"].strip()) == (TYPED["title"], TEXT)
    assert "现场.jpg" in page.select("//input[@name='photos']/../p")[-1].text_content()
    [button] = page.select("//div[@role='alert']//button")
    assert button.text == "再试一次"
    press(writer, page, button)
    assert platform.scalars(select(Publication.title)).all() == [TYPED["title"]]


@pytest.mark.parametrize("language", ["en"])
def test_it_speaks_the_language_of_its_reader(writer, monkeypatch):
    here = {"Referer": "http://localhost" + url_for("publishing_console.new")}
    with other_writer(monkeypatch):
        page = writer.post(url_for("publishing_console.create"), TYPED, status=503, headers=here)
    assert page.select("//div[@role='alert']//button")[0].text == "Try again"
    assert "Nothing of this was stored." in page.text


def test_what_other_sites_send_is_not_put_into_a_form(writer, monkeypatch):
    with other_writer(monkeypatch):
        page = writer.post(
            url_for("publishing_console.create"), TYPED, status=503,
            headers={"Sec-Fetch-Site": "cross-site"},
        )  # fmt: skip
    assert TYPED["title"] not in page.data.decode()


def test_a_row_that_changed_under_a_request_is_no_fault(app, writer, monkeypatch):
    def overtaken(*_arguments):
        raise StaleDataError

    monkeypatch.setitem(app.view_functions, "publishing_console.create", overtaken)
    here = {"Referer": "http://localhost" + url_for("publishing_console.new")}
    page = writer.post(url_for("publishing_console.create"), TYPED, status=409, headers=here)
    assert main_form(page, url_for("publishing_console.create")).fields["body"].strip() == TEXT


PAGE = """<!doctype html><html><body><form method="post" action="/save/">
<label for="t">标题<span class="field__optional">(可不填)</span></label>
<input id="t" name="title" value="甲"><fieldset><legend>方式</legend>
<input type="checkbox" id="a" name="way" value="a" checked><label for="a">网上</label>
<input type="checkbox" id="b" name="way" value="b"><label for="b">电话</label></fieldset>
<label>科室<select name="organ"><option value="1">一科</option>
<option value="2" selected>二科</option></select></label>
<input type="hidden" name="file" value="1"><input type="hidden" name="file" value="3">
<input type="hidden" name="version" value="8"><input name="new" aria-label="新栏">
</form></body></html>"""


def found(typed):
    return FoundForm.find(PAGE.encode(), "/", "/save/", typed)


def test_differences_are_told_in_the_words_of_the_form():
    typed = [("title", " 乙 "), ("way", "b"), ("organ", "1"), ("file", "1"), ("version", "7")]
    told = [(one.label, one.theirs, one.mine) for one in list_differences(found(typed).form, typed)]
    assert told == [("标题", "甲", " 乙 "), ("方式", "网上", "电话"), ("科室", "二科", "一科")]


def test_equal_fields_are_no_differences():
    typed = [("title", "甲"), ("way", "a"), ("organ", "2")]
    assert list_differences(found(typed).form, typed) == []


@pytest.mark.parametrize(
    ("overtaken", "version", "files"), [(True, "8", ["1", "3", "2"]), (False, "7", ["1", "2"])]
)
def test_rows_keep_their_keys(overtaken, version, files):
    typed = [("title", "乙"), ("file", "1"), ("file", "2"), ("version", "7")]
    form = found(typed)
    form.fill(typed, overtaken=overtaken)
    [again] = html.document_fromstring(form.write("<p>x</p>").decode()).forms
    sent = [(name, value) for name, value in again.form_values() if name in {"file", "version"}]
    assert sorted(sent) == sorted([("version", version), *(("file", number) for number in files)])
