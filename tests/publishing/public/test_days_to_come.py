"""What is dated to a day to come is shown nowhere before it."""

from datetime import timedelta

import pytest

from core.clock import first_moment, today
from core.db.scope import Scope, open_session
from core.publishing.content import Content
from core.publishing.search.documents import search_kind
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.testing.factories.publishing import publish_at
from core.testing.pages import url_for

TITLE = "元旦放假安排"


@pytest.fixture
def dated(tree, plugin_on):
    """The id of a publication dated to the day after tomorrow, and its place."""
    plugin_on("feeds", tree.county)
    plugin_on("notice_board", tree.county)
    prepare(search_engine())
    with open_session(Scope.own(tree.town)) as session:
        moment = first_moment(today() + timedelta(days=2))
        content = Content(
            title=TITLE, body_source="放假三天。", genre="通知公告", published_at=moment
        )
        number = publish_at(session, tree.town, content).id
    drain_all(search_engine())
    return number, tree.town


def shown(client, place):
    """Where the title is shown to the public."""
    pages = {
        "home": url_for("portal.home", place=place),
        "list": url_for("publishing.index", place=place),
        "search": url_for("search.page", place=place, q=TITLE),
        "feed": url_for("plugin_feeds.atom", place=place),
        "board": url_for("plugin_notice_board.sheet", place=place),
        "suggestions": url_for("search.suggestions", place=place, q=TITLE[:3]),
    }
    texts = {name: client.get(address).data.decode() for name, address in pages.items()}
    # The results page repeats what was typed.
    titles = client.get(pages["search"]).select("//*[@class='row__title']")
    texts["search"] = " ".join(title.text_content() for title in titles)
    escaped = TITLE.encode("unicode_escape").decode()
    return {name for name, text in texts.items() if TITLE in text or escaped in text}


@pytest.mark.both_databases
def test_it_is_shown_nowhere_before_its_day_and_everywhere_from_then_on(client, dated, set_clock):
    number, town = dated
    page = url_for("publishing.show", number, place=town)
    client.get(page, status=404)
    assert shown(client, town) == set()

    set_clock(today() + timedelta(days=2))
    drain_all(search_engine())
    client.get(page)
    assert shown(client, town) == {"home", "list", "search", "feed", "board", "suggestions"}


def test_it_is_no_document_before_its_day(dated):
    number, _town = dated
    with open_session(Scope.platform("test")) as session:
        assert list(search_kind().load(session, [str(number)])) == []
