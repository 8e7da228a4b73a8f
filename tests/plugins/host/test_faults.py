"""A plugin that raises, hangs, gives nonsense or floods in every hook, one after the other."""

import time
from datetime import date

import pytest
from sqlalchemy import func, select

from core.catalog.domain.changes import Define, DefineDomain
from core.db.scope import Scope, open_session
from core.permissions import OPERATOR, Role
from core.plugins.activation.enabled import is_on
from core.plugins.api.contributions import Message
from core.plugins.calls.runner import LONGER
from core.plugins.calls.tenant_hooks import TenantHooks
from core.plugins.models import PluginFault
from core.publishing.importing.importer import PublicationImport
from core.publishing.models import Publication
from core.search.indexing import plugin_kinds
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare, rebuild
from core.search.registry import search_engine
from core.testing.factories.catalog import FIRST, approve_changes, item_fields
from tests.web.costs.test_query_counts import line

# Measured in time: a test beside it would be measured too.
pytestmark = pytest.mark.alone

CALL, PAGE = 0.2, 0.6
# What a page may wait for plugins at most (docs/plugins.md), and what it takes to write it down:
# as long again as the page itself, on whatever machine, and a moment.
WAIT = CALL + PAGE
MOMENT = 0.2

BAD = """
import time
MODE, HOOK, CALLED, OWNER = "", "", [], ()

def act(hook):
    if not MODE or HOOK not in (hook, "every"):
        return None
    CALLED.append(hook)
    if MODE == "raises":
        raise RuntimeError(hook)
    if MODE == "leaves":
        raise SystemExit(1)
    if MODE == "sleeps":
        time.sleep(0.5)
    if MODE == "loops":
        while MODE == "loops":
            pass
    if MODE == "nonsense":
        return object()
    return (Block(str(n), "x" * 400, empty="x" * 400) for n in iter(int, 1))

@hookimpl
def home_blocks(): return act("home_blocks")
@hookimpl
def item_panels(): return act("item_panels")
@hookimpl
def publication_panels(): return act("publication_panels")
@hookimpl
def nav_links(): return act("nav_links")
@hookimpl
def head_links(): return act("head_links")
@hookimpl
def staff_links(): return act("staff_links")
@hookimpl
def staff_tasks(): return act("staff_tasks")
@hookimpl
def answer_cards(): return act("answer_cards")
@hookimpl
def search_synonyms(): return act("search_synonyms")
@hookimpl
def notify(): return act("notify")
@hookimpl
def check_config(): return act("check_config")
@hookimpl
def objective_measures(): return act("objective_measures")
@hookimpl
def daily(): return act("daily")
@hookimpl
def demo():
    return act("demo")


@hookimpl
def erase(): return act("erase")

def load(session, keys):
    given = act("load")
    if given is not None:
        return given
    return [SearchDocument(kind="bad", pk="1", scope=OWNER, title="赶集日", path="fair/")]

def keys(session, owner):
    given = act("keys")
    return ["1"] if given is None else given

@hookimpl
def search_kinds(): return [SearchKind("bad", "集市", load, keys)]
"""
MODES = ("raises", "leaves", "sleeps", "loops", "nonsense", "floods")
# Where each hook is asked; pages of one town, unless a test asks the relay itself.
ASKED_ON = {
    "home_blocks": "",
    "item_panels": f"catalog/items/{FIRST}/",
    "publication_panels": "publications/{first}/",
    "nav_links": "site-map/",
    "head_links": "places/",
    "staff_links": "console/",
    "staff_tasks": "console/",
    "answer_cards": "search/?q=账目",
    "load": "search/?q=赶集日",
}


@pytest.fixture
def settings(settings):
    """Short limits, and no quarantine until a test wants one."""
    settings.plugin_call_seconds = CALL
    settings.plugin_page_seconds = PAGE
    settings.plugin_fault_limit = 100_000
    return settings


@pytest.fixture
def bad(grow, monkeypatch):
    for hook in ("daily", "demo", "erase", "notify", "check_config", "objective_measures"):
        monkeypatch.setitem(LONGER, hook, CALL)
    grown = grow(bad=BAD)
    tree = grown.tree
    approve_changes(tree.nation, DefineDomain("jiuzhu", "社会救助"), Define(FIRST, item_fields()))
    with open_session(Scope.platform("test")) as session:
        county = session.merge(tree.county)
        importer = PublicationImport(session, OPERATOR, county, approve=True)
        assert importer.run(line(tree.town.division_code, 0)).rejected == []
        session.flush()
        grown.first = session.scalars(select(func.max(Publication.id))).one()
    grown.host.plugins["bad"].module.OWNER = tree.town.chain
    grown.say("bad", tree.county)
    prepare(search_engine())
    drain_all(search_engine())
    grown.sign_in(tree.town, Role.OFFICER)
    yield grown
    let_come_back(grown)


def visit(bad, page):
    """Open a page; how long it took."""
    started = time.monotonic()
    bad.client.get(bad.url(bad.tree.town, page.format(first=bad.first)))
    return time.monotonic() - started


def let_come_back(bad):
    """Wait until no thread is stuck in the plugin, so that it is called again."""
    bad.host.plugins["bad"].module.MODE = ""
    for late in bad.app.extensions["plugin_threads"].list_abandoned():
        late.thread.join(20)


@pytest.mark.parametrize("mode", MODES)
def test_a_page_keeps_its_status_and_its_time(bad, mode):
    module = bad.host.plugins["bad"].module
    for hook, page in ASKED_ON.items():
        module.HOOK, module.MODE = hook, ""
        visit(bad, page)
        own = visit(bad, page)
        module.CALLED.clear()
        module.MODE = mode
        assert visit(bad, page) < 2 * own + WAIT + MOMENT, page
        assert module.CALLED, hook
        let_come_back(bad)


@pytest.mark.parametrize("mode", MODES)
def test_the_index_of_all_others_goes_on(bad, mode, monkeypatch):
    monkeypatch.setattr(plugin_kinds, "LONGEST_IN_BACKGROUND", CALL)
    monkeypatch.setattr(plugin_kinds, "MOST_KEYS", 1_000)
    module = bad.host.plugins["bad"].module
    module.HOOK, module.MODE = "keys", mode
    rebuild(search_engine())
    page = bad.client.get(bad.url(bad.tree.town, "search/?q=低保"))
    assert page.select("//main//ol//a") or page.select("//main//mark")
    assert not bad.client.get(bad.url(bad.tree.town, "search/?q=赶集日")).select("//main//mark")


@pytest.mark.parametrize("mode", MODES)
def test_work_without_a_page_goes_on(bad, mode):
    module = bad.host.plugins["bad"].module
    module.HOOK, module.MODE = "every", mode
    town = bad.tree.town
    hooks = TenantHooks(town)
    assert hooks.notify(Message("13800000000", "好")) is None
    assert hooks.check_config("bad", {}) == []
    assert hooks.search_synonyms() == {}
    with open_session(Scope.subtree(town, "test")) as session:
        assert hooks.objective_measures(session, date(2026, 1, 1), date(2026, 12, 31)) == []
    if mode not in {"nonsense", "floods"}:  # nobody looks at what these give
        hooks.demo()
        assert not hooks.daily("bad")
        assert not hooks.erase("bad")


def test_after_repeated_failure_a_plugin_is_quarantined_there_and_only_there(bad, settings):
    bad.app.extensions["gongkai"].plugin_fault_limit = 5
    module = bad.host.plugins["bad"].module
    module.HOOK, module.MODE = "every", "raises"
    for _ in range(3):
        visit(bad, "")
    assert not is_on("bad", bad.tree.town)
    assert is_on("bad", bad.tree.sister_town)
    module.CALLED.clear()
    visit(bad, "")
    assert module.CALLED == []


def counted():
    with open_session(Scope.platform("test")) as session:
        return session.scalar(select(func.count()).select_from(PluginFault))


def test_a_call_that_takes_too_long_is_counted_from_the_first_time(bad):
    module = bad.host.plugins["bad"].module
    for faults in (1, 2):
        module.HOOK, module.MODE = "home_blocks", "sleeps"
        visit(bad, "")
        let_come_back(bad)
        assert counted() == faults


def test_work_that_has_minutes_is_counted_from_the_first_time(bad):
    module = bad.host.plugins["bad"].module
    module.HOOK, module.MODE = "daily", "sleeps"
    assert not TenantHooks(bad.tree.town).daily("bad")
    assert counted() == 1
