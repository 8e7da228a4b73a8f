"""The preview of a list before it is stored, as the component shows it."""

import pytest
from flask import render_template_string, request

from core.tables.lists.columns import ListColumn
from core.tables.lists.reading import read_list
from core.tables.lists.source import read_pasted_list
from core.web.access import open_page

COLUMNS = (ListColumn("name", "姓名", required=True), ListColumn("unit", "单位"))
PAGE = """
{% extends "layouts/plain.html" %}
{% from "components/forms.html" import button, csrf %}
{% from "components/list_preview.html" import list_preview %}
{% block title %}名单{% endblock %}
{% block content %}<h1>名单</h1>
<form action="" method="post">
  {{ csrf() }}{{ list_preview(preview, "名单", "names") }}{{ button("确认") }}
</form>
{% endblock %}
"""


@pytest.fixture
def preview_page(app):
    @app.route("/preview/", methods=["POST"])
    @open_page
    def preview():
        read = read_list(read_pasted_list(request.form["names"]), COLUMNS)
        return render_template_string(PAGE, preview=read.to_preview())


@pytest.mark.usefixtures("preview_page")
def test_the_preview_shows_rows_and_faults_and_carries_the_rows(client):
    page = client.post("/preview/", {"names": "姓名\t单位\n张<b>三\t县委\n\t县政府"}, status=200)
    assert "可以采用1行" in page.text
    assert "第3行" in page.text
    assert "姓名: 此单元格为空" in page.text
    assert page.select("//td[contains(., '县委')]")
    (carried,) = page.select("//input[@type='hidden'][@name='names']")
    again = client.post("/preview/", {"names": carried.get("value")}, status=200)
    assert "张<b>三" in again.text
    assert "可以采用1行" in again.text
    assert not again.select("//*[@class='findings']")
