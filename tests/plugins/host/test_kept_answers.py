"""Answers of a plugin that says what they depend on are asked for again when that changes."""

from datetime import timedelta

import pytest
from flask_babel import refresh

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.db.versions import SEARCH_INDEX, mark_changed
from core.tenancy.models import Organ

PLUGIN = """
MANIFEST = Manifest("kept", "1.0", "kept", "", depends_on="place")
ASKED = []

@hookimpl
def nav_links(tenant):
    ASKED.append(tenant.name)
    if tenant.name == "坏镇":
        raise RuntimeError("nothing to keep")
    yield Link("stalls", f"{tenant.name}的摊位", tenant_url("portal.home", tenant))

@hookimpl
def head_links(tenant):
    ASKED.append("head")
    utc_now()
    yield HeadLink("help", "text/html", "/help/", "")
"""


def write_organ(tenant):
    with open_session(Scope.own(tenant)) as session:
        session.add(Organ(tenant_id=tenant.id, name="新办公室"))


@pytest.fixture
def grown(grow):
    grown = grow(kept=PLUGIN)
    grown.say("kept", grown.tree.county)
    return grown


@pytest.fixture
def asked(grown):
    """Return what was asked of the plugin while a page was made, without links of the head."""
    module = grown.host.plugins["kept"].module

    def ask(tenant):
        module.ASKED.clear()
        page = grown.client.get(grown.url(tenant, "accessibility/"))
        assert module.ASKED.count("head") == 1  # it reads the clock, so it is asked each time
        return page, [name for name in module.ASKED if name != "head"]

    return ask


def rename(tenant, name):
    with open_session(None) as session:
        session.get(Tenant, tenant.id).name = name


def test_a_page_asks_once_and_shows_the_same(grown, asked):
    first, once = asked(grown.tree.town)
    second, again = asked(grown.tree.town)
    assert (len(once), again) == (1, [])
    assert "的摊位" in second.text
    assert first.text == second.text


def test_another_place_another_language_and_another_name_are_asked_for(grown, asked):
    asked(grown.tree.town)
    assert asked(grown.tree.village)[1]
    grown.client.cookie("gk_lang", "en")
    refresh()  # here, requests share an application context
    assert asked(grown.tree.town)[1]
    rename(grown.tree.town, "新名镇")
    page, names = asked(grown.tree.town)
    assert names == ["新名镇"]
    assert "新名镇的摊位" in page.text


def test_a_decision_about_plugins_has_everything_asked_again(grown, asked):
    asked(grown.tree.town)
    grown.say("kept", grown.tree.town)
    assert asked(grown.tree.town)[1]


def test_a_plugin_that_is_off_shows_nothing_of_what_was_kept(grown, asked):
    asked(grown.tree.town)
    grown.say("kept", grown.tree.town, "off")
    page = grown.client.get(grown.url(grown.tree.town, "accessibility/"))
    assert "的摊位" not in page.text


def test_a_change_below_is_asked_for_and_one_beside_is_not(grown, asked):
    asked(grown.tree.town)
    write_organ(grown.tree.village)
    assert asked(grown.tree.town)[1]
    write_organ(grown.tree.sister_town)
    assert not asked(grown.tree.town)[1]


def test_an_answer_of_yesterday_is_asked_for_again(grown, asked, set_clock):
    asked(grown.tree.town)
    set_clock(utc_now() + timedelta(days=1))
    assert asked(grown.tree.town)[1]


def test_a_failure_is_not_kept(grown, asked):
    rename(grown.tree.town, "坏镇")
    assert asked(grown.tree.town)[1] == ["坏镇"]
    assert asked(grown.tree.town)[1] == ["坏镇"]


INDEXED = """
MANIFEST = Manifest("indexed", "1.0", "indexed", "", depends_on="place")
ASKED = []

@hookimpl
def home_blocks(session, tenant):
    ASKED.append(tenant.name)
    depends_on_index((tenant.chain[-2],))
    return []
"""


def test_what_comes_out_of_the_index_is_kept_until_that_or_a_place_of_it_changes(grow):
    grown = grow(indexed=INDEXED)
    tree, module = grown.tree, grown.host.plugins["indexed"].module
    grown.say("indexed", tree.county)

    def is_asked():
        module.ASKED.clear()
        grown.client.get(grown.url(tree.town, ""))
        return bool(module.ASKED)

    assert (is_asked(), is_asked()) == (True, False)
    write_organ(tree.sister_town)  # below the county, of which the answer shows what lies below
    assert (is_asked(), is_asked()) == (True, False)
    with open_session(Scope.platform("test")) as session:
        mark_changed(session, SEARCH_INDEX)
    assert (is_asked(), is_asked()) == (True, False)
