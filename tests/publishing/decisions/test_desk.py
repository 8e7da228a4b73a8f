"""Staff pages of decisions: what lacks its result, links by search and suggestion (N20, N23)."""

import json
from datetime import date

import pytest

from core.db.scope import Scope, open_session
from core.permissions import OPERATOR
from core.publishing.decisions.queries import load_decision_pairs
from core.publishing.importing.importer import PublicationImport
from core.testing.pages import url_for

FIRST, DUE = date(2026, 4, 1), date(2026, 6, 30)


def load(tree):
    with open_session(Scope.own(tree.village)) as session:
        return load_decision_pairs(session, [tree.village])


class Clerk:
    """The village's clerk at the pages of one resolution."""

    def __init__(self, client, tree, number):
        self.client = client
        self.show = url_for("publishing_decisions.show", number, place=tree.village)
        self.change = url_for("publishing_decisions.change", number, place=tree.village)

    def expect(self, status=303, **words):
        return self.client.post(self.show, data=words, status=status)

    def act(self, act, status=303, **words):
        version = self.client.get(self.show).select("//input[@name='version']/@value")[0]
        data = {"act": act, "version": version} | words
        return self.client.post(self.change, data=data, status=status)


@pytest.fixture
def clerk(client, tree, sign_in, set_clock, write_public):
    set_clock(FIRST)
    number = write_public("关于硬化二组道路的决议")
    sign_in("clerk")
    return Clerk(client, tree, number)


@pytest.mark.both_databases
def test_a_resolution_gets_its_day_and_its_result(client, tree, clerk, write_public, set_clock):
    """N20: from the to-do list to the pair, by what is suggested."""
    home = client.get(url_for("console.home", place=tree.village))
    desk = url_for("publishing_decisions.index", place=tree.village)
    assert home.select(f"//main//a[@href='{desk}']")
    assert client.get(desk).select(f"//main//a[@href='{clerk.show}']")
    clerk.expect(422, due_on="")
    clerk.expect(422, due_on="2026-03-31")
    clerk.expect(due_on=str(DUE))
    clerk.expect(409, due_on=str(DUE))
    set_clock(date(2026, 6, 25))
    result = write_public("二组道路硬化实施结果公开")
    offered = client.get(clerk.show).select("//input[@name='result']/@value")
    assert offered == [str(result)]
    clerk.act("link", 422)
    clerk.act("link", 422, result="99999999")
    clerk.act("link", result=str(result))
    assert client.get(f"{desk}?tab=done").select(f"//main//a[@href='{clerk.show}']")
    assert not client.get(desk).select(f"//main//a[@href='{clerk.show}']")
    link_id = load(tree)[0].results[0].link_id
    clerk.act("unlink", 422, result=str(link_id), reason="")
    clerk.act("unlink", result=str(link_id), reason="弄错了")
    assert client.get(desk).select(f"//main//a[@href='{clerk.show}']")


def test_results_are_found_by_words_also_drafts(client, clerk, write_draft):
    clerk.expect(due_on=str(DUE))
    draft = write_draft("100%完工的%结果")
    found = client.get(f"{clerk.show}?q=完工 100%25").select("//input[@name='result']/@value")
    assert found == [str(draft)]
    assert not client.get(f"{clerk.show}?q=_").select("//input[@name='result']/@value")


def test_late_ones_come_first_and_say_so(client, tree, clerk, decide, set_clock):
    clerk.expect(due_on=str(DUE))
    decide(date(2026, 12, 31), title="关于文化广场的决议")
    set_clock(date(2026, 7, 1))
    desk = client.get(url_for("publishing_decisions.index", place=tree.village))
    rows = desk.select("//main//li[contains(@class,'row')]//a/@href")
    assert rows[0] == clerk.show
    assert "逾期" in desk.text
    page = client.get(clerk.show.replace("/console/", "/").removesuffix("decision/"))
    assert "2026-06-30" in page.text


@pytest.mark.both_databases
def test_more_time_and_a_second_window(client, tree, clerk):
    clerk.expect(due_on=str(DUE))
    clerk.act("extend", 422, extended_to="2026-05-01", reason="雨季")
    clerk.act("extend", 422, extended_to="", reason="雨季")
    clerk.act("extend", 422, extended_to="2026-09-30", reason="")
    version = client.get(clerk.show).select("//input[@name='version']/@value")[0]
    clerk.act("extend", extended_to="2026-09-30", reason="雨季不能施工")
    old = {"act": "drop", "version": version, "reason": "弄错了"}
    client.post(clerk.change, data=old, status=409)
    assert "雨季不能施工" in client.get(clerk.show).text
    clerk.act("drop", 422)
    clerk.act("drop", reason="弄错了")
    assert not load(tree)


def test_others_look_and_change_nothing(client, tree, clerk, sign_in):
    clerk.expect(due_on=str(DUE))
    sign_in("reviewer")
    client.get(clerk.show)
    assert not client.get(clerk.show).select(f"//form[@action='{clerk.change}']")
    clerk.client.post(clerk.change, data={"act": "drop", "reason": "x"}, status=403)
    sign_in("stranger")
    client.get(clerk.show, status=403)


@pytest.mark.both_databases
def test_an_import_brings_decisions_and_their_results(app, tree, set_clock):
    """N20: whatever the order of the lines; the same file again changes nothing."""
    set_clock(date(2026, 7, 1))
    line = {"body": "正文", "tenant": tree.village.division_code, "genre": "村务公开",
            "written_date": "2026-04-01", "publish_date": "2026-04-01"}  # fmt: skip
    lines = [
        line
        | {"id": "r1", "title": "开工", "carries_out": "d1", "stage": "开工", "is_final": False},
        line | {"id": "r2", "title": "完工", "carries_out": ["d1", "d9"]},
        line | {"id": "d1", "title": "关于道路的决议", "result_due": "2026-06-30"},
    ]
    for _again in range(2):
        with open_session(Scope.subtree(tree.county, "import")) as session:
            run = PublicationImport(session, OPERATOR, tree.county, approve=True)
            report = run.run("\n".join(json.dumps(each) for each in lines))
        assert not report.rejected
        assert [each.field for each in report.findings if each.field == "carries_out"]
        (pair,) = load(tree)
        assert [(each.title, each.stage) for each in pair.results] == [
            ("开工", "开工"),
            ("完工", ""),
        ]
        assert pair.due_on == DUE


def test_the_exported_list_names_both_sides(client, tree, clerk, write_public, link):
    """N20: by when a result is due, and which decision a text carries out."""
    clerk.expect(due_on=str(DUE))
    number = int(clerk.show.split("/")[-3])
    link(number, write_public("二组道路硬化实施结果公开"))
    exported = client.get(url_for("publishing_console.export", place=tree.village, format="csv"))
    rows = [line.split(",") for line in exported.data.decode("utf-8-sig").splitlines()]
    due, carries_out = rows[0].index("实施结果公开期限"), rows[0].index("实施的决议")
    found = {row[2]: (row[due], row[carries_out]) for row in rows[1:]}
    assert found["关于硬化二组道路的决议"] == (str(DUE), "")
    assert found["二组道路硬化实施结果公开"][1] in {row[3] for row in rows[1:]}
