"""Charts on a page: accessible, escaped, without script or inline style."""

import pytest
from flask import render_template_string

from core.charts.domain.model import Chart, ChartKind, ChartSeries
from core.charts.pages import to_chart_figure
from core.web.access import open_page

PAGE = """
{% extends "layouts/plain.html" %}
{% from "charts/chart.html" import chart_figure %}
{% block title %}图表{% endblock %}
{% block content %}<h1>图表</h1>
{% for figure in figures %}{{ chart_figure(figure) }}{% endfor %}
{% endblock %}
"""
LABELS = ["崾岘村", "<柳湾>村", "东关社区"]
SERIES = [ChartSeries("已办", [5, 12, 0]), ChartSeries("未办<i>", [1, None, 3])]


@pytest.fixture
def show(app, client):
    shown = []

    @app.route("/charts/")
    @open_page
    def charts():
        return render_template_string(PAGE, figures=shown)

    def fetch(*made):
        with app.test_request_context("/"):
            shown[:] = [to_chart_figure(chart, f"c{n}") for n, chart in enumerate(made)]
        return client.get("/charts/")

    return fetch


def chart(kind, series=SERIES, labels=LABELS, title="办理<情况>"):
    return Chart(kind, title, "村", labels, series, unit="件")


@pytest.mark.parametrize("kind", list(ChartKind))
def test_a_picture_has_a_name_a_description_and_its_numbers_beside_it(show, kind):
    page = show(chart(kind))
    (picture,) = page.select("//*[local-name()='svg'][@role='img']")
    named = " ".join(
        page.select(f"//*[@id='{each}']")[0].text for each in picture.get("aria-labelledby").split()
    )
    assert "办理<情况>" in named
    assert "最高：<柳湾>村，12件" in named
    assert "最低：东关社区，3件" in named
    table = [[" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")]
             for row in page.select("//tbody/tr")]  # fmt: skip
    sums = [["6件"], ["12件"], ["3件"]] if kind is ChartKind.STACKED else [[], [], []]
    assert table == [
        ["崾岘村", "5件", "1件", *sums[0]],
        ["<柳湾>村", "12件", "", *sums[1]],
        ["东关社区", "0件", "3件", *sums[2]],
    ]
    assert page.select("//caption")[0].text == "办理<情况>（数据）"
    assert page.select("//figcaption")[0].text == "办理<情况>"


@pytest.mark.parametrize("kind", list(ChartKind))
def test_series_differ_without_colour(show, kind):
    page = show(chart(kind))
    drawn = page.select("//*[@class='chart__picture']//*[local-name()='rect' or "
                        "local-name()='polyline'][@aria-hidden or not(ancestor::*[local-name()="
                        "'pattern'])]")  # fmt: skip
    inks = {element.get("fill") for element in drawn} | {
        element.get("stroke-dasharray") for element in drawn
    }
    assert len(inks) > 1
    colours = page.select("//figure//@fill|//figure//@stroke")
    assert {c for c in colours if not c.startswith("url(#c0-")} <= {"currentColor", "none"}
    assert len(page.select("//ul[@class='chart__key']/li")) == 2


def test_two_charts_on_a_page_do_not_share_ids(show):
    page = show(chart(ChartKind.BAR), chart(ChartKind.STACKED))
    assert len(page.select("//figure")) == 2
    assert page.select("//@id[starts-with(., 'c1-fill-')]")


@pytest.mark.parametrize(
    "empty",
    [
        chart(ChartKind.BAR, [], []),
        chart(ChartKind.LINE, [ChartSeries("s", [None, None, None])]),
        chart(ChartKind.STACKED, [ChartSeries("s", [])], []),
    ],
)
def test_a_chart_without_numbers_says_so(show, empty):
    page = show(empty)
    assert not page.select("//figure")
    assert "办理<情况>：暂无数据。" in page.text


@pytest.mark.parametrize("kind", list(ChartKind))
def test_zeros_and_a_single_value_are_drawn(show, kind):
    page = show(chart(kind, [ChartSeries("s", [0])], ["崾岘村"]))
    assert page.select("//figure")
    assert not page.select("//ul[@class='chart__key']")
