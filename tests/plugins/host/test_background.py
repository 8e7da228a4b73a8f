"""Work of plugins that no page waits for: the night's, their jobs, messages, the index."""

import pytest
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.permissions import OPERATOR
from core.plugins.api.contributions import Message
from core.plugins.calls import jobs
from core.plugins.calls.notify import notify
from core.plugins.models import SentMessage
from core.plugins.sandbox import timeouts
from core.publishing.content import Content
from core.publishing.models import Publication
from core.search.registry import search_engine
from core.testing.factories.publishing import correct_at, publish_at, withdraw
from core.testing.factories.trees import TOWN


@pytest.fixture
def settings(settings):
    """Nobody is hurried on a busy machine."""
    settings.plugin_call_seconds = 10
    return settings


NIGHT = """
SEEN = []

@hookimpl
def daily(session, tenant):
    SEEN.append(tenant.division_code)
    if tenant.level == "township":
        raise ValueError("no night here")

@hookimpl
def jobs():
    return [Job("fair_sweep", lambda: SEEN.append("sweep"))]
"""


def test_the_night_is_done_at_every_place_where_the_plugin_is_on(grow):
    grown = grow(fair=NIGHT)
    grown.say("fair", grown.tree.town)
    jobs.do_daily()
    seen = grown.host.plugins["fair"].module.SEEN
    assert sorted(seen) == ["990111100", "990111100201", "990111100202"]


def test_a_job_rests_while_its_plugin_is_on_nowhere(grow):
    grown = grow(fair=NIGHT)
    work, _schedule = grown.app.extensions["jobs"].defined["fair_sweep"]
    work()
    assert grown.host.plugins["fair"].module.SEEN == []
    grown.say("fair", grown.tree.town)
    work()
    assert grown.host.plugins["fair"].module.SEEN == ["sweep"]


def test_a_job_is_woken_by_each_change_of_what_a_publication_shows(grow):
    source = NIGHT.replace('SEEN.append("sweep"))', 'print, wakes_on=("publication",))')
    queue = grow(fair=source).app.extensions["jobs"].huey
    with open_session(Scope.platform("test")) as session:
        town = session.scalars(select(Tenant).where(Tenant.division_code == TOWN)).one()
        queue.flush()
        made = publish_at(session, town, Content(title="通告", body_source="<p>正文</p>"))
        assert "fair_sweep" not in names(queue)  # others do not see it yet
    assert names(queue).count("fair_sweep") == 1
    for change in (
        lambda session: correct_at(session, town, made.id, title="更正的通告"),
        lambda session: withdraw(session, OPERATOR, session.get_one(Publication, made.id), "错误"),
    ):
        queue.flush()
        with open_session(Scope.platform("test")) as session:
            change(session)
        assert names(queue).count("fair_sweep") == 1


def names(queue):
    return [task.name for task in queue.pending()]


def test_a_job_that_fails_or_hangs_stops_nobody(grow, monkeypatch, stopping):
    monkeypatch.setattr(jobs, "LONGEST_JOB", 0.2)
    grown = grow(
        fair="""
STOP = []

def hang():
    while not STOP:
        pass

@hookimpl
def jobs():
    return [Job("fair_fails", lambda: 1 / 0), Job("fair_hangs", hang)]
"""
    )
    stopping(grown, "fair")
    grown.say("fair", grown.tree.town)
    for name in ("fair_fails", "fair_hangs"):
        grown.app.extensions["jobs"].defined[name][0]()


def messages(tenant):
    with open_session(Scope.own(tenant)) as session:
        return list(session.scalars(select(SentMessage)))


def send(tenant):
    with open_session(Scope.own(tenant)) as session:
        return notify(session, tenant, Message("13812345678", "您已报名", about="fair.ticket"))


def test_a_message_that_nobody_carries_is_kept_and_logged_without_its_text(grow, capsys):
    grown = grow()
    assert send(grown.tree.town) == "console"
    (kept,) = messages(grown.tree.town)
    assert (kept.recipient, kept.text, kept.about) == ("138****5678", "您已报名", "fair.ticket")
    told = capsys.readouterr().err
    assert "message that nobody carries" in told
    assert "您已报名" not in told
    assert "5678" not in told


def test_of_a_message_that_a_plugin_carries_the_fact_is_kept(grow):
    grown = grow(sms="@hookimpl\ndef notify(tenant, message):\n    return True\n")
    grown.say("sms", grown.tree.county)
    assert send(grown.tree.town) == "sms"
    (kept,) = messages(grown.tree.town)
    assert (kept.carrier, kept.text) == ("sms", "")


FINDS = """
STOP = []

@hookimpl
def search_kinds():
    def load(session, keys):
        {load}
    return [SearchKind("fair", "集市", load, lambda session, owner: ["1"])]
"""


@pytest.mark.parametrize("load", ["raise OSError('gone')", "return [7]", "while not STOP: pass"])
def test_a_page_of_answers_goes_on_without_what_cannot_be_loaded(grow, settings, stopping, load):
    settings.plugin_call_seconds = 0.3
    grown = grow(fair=FINDS.format(load=load))
    stopping(grown, "fair")
    grown.say("fair", grown.tree.county)
    tenant = grown.tree.town
    with grown.app.test_request_context(grown.url(tenant)):
        grown.app.preprocess_request()
        with open_session(Scope.public(tenant)) as session:
            assert list(search_engine().load(session, "fair", ["1"])) == []


def test_the_index_is_told_what_cannot_be_loaded(grow):
    grown = grow(fair=FINDS.format(load="raise OSError('gone')"))
    del grown
    with open_session(Scope.platform("test")) as session, pytest.raises(OSError, match="gone"):
        search_engine().load(session, "fair", ["1"])


def test_work_that_ends_the_program_is_an_error(grow):
    grow()

    def leave():
        raise SystemExit(3)

    with pytest.raises(RuntimeError, match="SystemExit"):
        timeouts.run_with_timeout("fair", leave, 10)
