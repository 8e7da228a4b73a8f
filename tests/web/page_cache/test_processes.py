"""Processes answer from their own memory, and none with what was changed elsewhere."""

import urllib.request

import pytest
from sqlalchemy import update

from core.db.engine import db
from core.db.scope import Scope, open_session
from core.db.versions import PageVersion
from core.publishing.content import Content
from core.publishing.vocabulary import NOTICE
from core.testing.factories.publishing import publish_at
from core.testing.pages import url_for
from core.testing.serving import serve_installation
from core.web.page_cache import numbers
from core.web.page_cache.numbers import FRESH_SECONDS, PolledNumbers

CHANGES, READS = 3, 6


def test_workers_see_at_once_what_another_process_published(settings, app, tree):
    address = url_for("portal.home", place=tree.town)
    on = {"GONGKAI_PAGE_CACHE": "on"}
    with serve_installation(settings, workers=2, environment=on) as served:
        for number in range(CHANGES):
            with open_session(Scope.own(tree.town)) as session:
                content = Content(title=f"第{number}号通知", body_source="正文", genre=NOTICE)
                publish_at(session, tree.town, content)
            for _ in range(READS):
                with urllib.request.urlopen(f"{served.url}{address}") as answer:
                    assert f"第{number}号通知" in answer.read().decode()
                    assert answer.headers["ETag"]


@pytest.mark.both_databases
def test_numbers_of_another_process_are_asked_for_again_after_half_a_second(app, tree, monkeypatch):
    at = [1_000.0]
    monkeypatch.setattr(numbers.time, "monotonic", lambda: at[0])
    known = PolledNumbers(db.engine)
    place = tree.county.id
    before = known.load([place])[place]
    raised = update(PageVersion).values(own=PageVersion.own + 1)
    with open_session(None) as session:  # as another process would: nothing is told to this one
        session.merge(PageVersion(place_id=place, own=before[0], subtree=before[1]))
        session.execute(raised.where(PageVersion.place_id == place))
    at[0] += FRESH_SECONDS / 2
    assert known.load([place])[place] == before
    at[0] += FRESH_SECONDS
    assert known.load([place])[place] == (before[0] + 1, before[1])


@pytest.mark.both_databases
def test_a_process_sees_its_own_changes_at_once(app, tree):
    known = PolledNumbers(db.engine)
    before = known.load([tree.county.id])[tree.county.id]
    with open_session(Scope.own(tree.county)) as session:
        content = Content(title="通知", body_source="正文", genre=NOTICE)
        publish_at(session, tree.county, content)
    assert known.load([tree.county.id])[tree.county.id] == (before[0] + 1, before[1] + 1)


def test_a_page_made_while_something_changes_is_made_anew(app, tree, client, monkeypatch):
    """What was read before the change is kept under numbers from before it, so not for long."""
    address = url_for("publishing.index")
    render = app.view_functions["publishing.index"]

    def overtaken(**values):
        page = render(**values)
        monkeypatch.setitem(app.view_functions, "publishing.index", render)
        with open_session(Scope.own(tree.county)) as session:
            content = Content(title="刚发布的通知", body_source="正文", genre=NOTICE)
            publish_at(session, tree.county, content)
        return page

    overtaken.access = render.access
    monkeypatch.setitem(app.view_functions, "publishing.index", overtaken)
    assert "刚发布的通知" not in client.get(address).text
    assert "刚发布的通知" in client.get(address).text
