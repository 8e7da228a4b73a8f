"""What plugins give to the search box exists where they are on, and nowhere else."""

import pytest

from core.db.scope import open_session
from core.plugins.api.contributions import ASKS_WHERE, AnswerCard, CardAction
from core.plugins.loading.host import PluginHost
from core.search.answering.service import SearchQuery, search
from core.search.engines.base import Facet
from core.search.indexing.indexer import drain
from core.search.indexing.plugin_kinds import where_on
from core.search.registry import SearchKind
from core.testing.factories.plugins import set_policy
from core.testing.pages import url_for
from tests.plugins.hosting import build_manifest, install
from tests.search.organs import load_organs, organ_keys


def answer_cards(asked):
    if "集市" in asked.folded:
        yield AnswerCard("fair", f"下一场集市:{asked.typed}", "/fair/", ("周六上午",), "可报名")


@pytest.fixture
def fair(app, engine, tree, organs):
    """A plugin that answers and has things to find, on in one township."""
    host = PluginHost()
    app.extensions["plugins"] = host
    install(host, build_manifest("fair"), answer_cards=answer_cards)
    engine.kinds.clear()
    engine.register(where_on(SearchKind("fair", "集市", load_organs, organ_keys), "fair"))
    set_policy("fair", tree.town)
    return tree


@pytest.fixture
def indexed(engine, fair, organs):
    """A fair in a village with the plugin and in one without; the index has both."""
    kind = SearchKind("organ", "集市", load_organs, organ_keys)
    engine.kinds.clear()
    engine.register(kind)
    for tenant in (fair.village, fair.far_village):
        organs.add(tenant, "集市")
    drain(engine)
    engine.kinds.clear()
    engine.register(where_on(kind, "fair"))
    return fair


def ask(app, engine, tenant, typed="集市", **choices):
    with app.test_request_context(), open_session(None) as directory:
        return search(engine, directory, tenant, SearchQuery(typed=typed, **choices))


@pytest.mark.both_databases
def test_a_plugin_answers_where_it_is_on(app, engine, fair):
    [card] = ask(app, engine, fair.village, "集市什么时候").cards
    assert (card.title, card.lines) == ("下一场集市:集市什么时候", ("周六上午",))
    assert ask(app, engine, fair.far_village).cards == ()
    assert ask(app, engine, fair.county).cards == ()
    set_policy("fair", fair.town, "off")
    assert ask(app, engine, fair.village).cards == ()


def test_answers_stand_above_the_beginning_only(app, engine, fair):
    assert ask(app, engine, fair.village, offset=10).cards == ()
    assert ask(app, engine, fair.village, filters={Facet.KIND: frozenset({"fair"})}).cards == ()
    assert ask(app, engine, fair.village, "别的").cards == ()


def test_the_page_shows_answers_as_text(client, engine, fair):
    page = client.get(url_for("search.page", place=fair.village, q="集市<b>"))
    assert page.select("//section[contains(@class,'answer-card')]//a/@href") == ["/fair/"]
    assert "<b>" in page.text
    assert not page.select("//main//b")


def test_things_of_a_plugin_go_at_once_where_it_is_switched_off(app, engine, indexed, client):
    assert ask(app, engine, indexed.village).total == 1
    found = ask(app, engine, indexed.town)
    assert [result.tenant.id for result in found.results] == [indexed.village.id]
    assert ask(app, engine, indexed.county).results == ()
    set_policy("fair", indexed.town, "off")
    assert ask(app, engine, indexed.village).results == ()
    page = client.get(url_for("search.suggestions", place=indexed.village, q="集"))
    assert page.data.strip() == b'{"suggestions":[]}'


def test_whoever_asks_where_gets_the_choice_first_and_can_act_at_once(client, engine, fair, app):
    del engine
    questions = []

    def choice(asked):
        questions.append(asked)
        for number in range(4):
            actions = (CardAction("打电话", "tel:0999-5551000"),)
            yield AnswerCard(f"fair-{number}", "集市", "/fair/", actions=actions)

    host = PluginHost()
    app.extensions["plugins"] = host
    install(host, build_manifest("fair"), answer_cards=choice)
    set_policy("fair", fair.town)
    page = client.get(url_for("search.page", place=fair.village, q="柳湾村附近的集市"))
    calls = page.select("//section[contains(@class,'answer-card')]//a/@href")
    assert calls.count("tel:0999-5551000") == 3
    assert questions[0].asks_where
    assert questions[0].place == fair.sister_village.division_code
    assert questions[0].ways


def test_a_plugin_is_asked_only_what_its_manifest_names(app, engine, fair):
    asked = []
    host = PluginHost()
    app.extensions["plugins"] = host
    for name, questions in (("fair", ("集市", ASKS_WHERE)), ("any", ())):
        install(
            host,
            build_manifest(name, questions=questions),
            answer_cards=lambda asked, name=name, seen=asked: seen.append((name, asked.typed)),
        )
        set_policy(name, fair.town)
    typed = ["下一场 集 市", "低保", "最近的卫生院在哪里"]
    for text in typed:
        ask(app, engine, fair.village, text)
    assert [text for name, text in asked if name == "any"] == typed
    assert [text for name, text in asked if name == "fair"] == [typed[0], typed[2]]
