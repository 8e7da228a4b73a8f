"""What a plugin does wrong in a tenant hook stays its own: the page goes on without it."""

import time

import pytest
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.plugins.api.contributions import Asked, Message
from core.plugins.calls import runner
from core.plugins.calls.tenant_hooks import TenantHooks
from core.plugins.models import PluginFault

# Measured in time: a test beside it would be measured too.
pytestmark = pytest.mark.alone


@pytest.fixture
def settings(settings):
    """Pages wait long enough for plugins that behave, on a busy machine too."""
    settings.plugin_call_seconds = 10
    settings.plugin_page_seconds = 30
    return settings


PERSON, NUMBER = "欧阳小三", "13812345678"
GOOD = """
@hookimpl
def home_blocks(session, tenant):
    return [Block("here", "好" + tenant.name, (Row("行", "/x/"),))]

@hookimpl
def nav_links(tenant):
    return [Link("good", "好链接", "/x/")]
"""


def faults(hook):
    with open_session(Scope.platform("test")) as session:
        query = select(PluginFault).where(PluginFault.hook == hook)
        return [(row.plugin, row.error) for row in session.scalars(query)]


def home(grown):
    with open_session(Scope.public(grown.tree.town)) as session:
        return [block.title for block in TenantHooks(grown.tree.town).home_blocks(session)]


def put(grown, *names):
    for name in names:
        grown.say(name, grown.tree.county)


def bad(body):
    return f"@hookimpl\ndef home_blocks(session, tenant):\n    {body}\n"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("raise KeyError('lost')", "KeyError (fair/plugin.py:"),
        ("raise SystemExit(3)", "SystemExit (fair/plugin.py:"),
        ("return 7", "int instead of several things"),
        ("return 'blocks'", "str instead of several things"),
        ("return [Row('x', '/x/')]", "Row instead of Block"),
        ("return [Block('a b', 'x', empty='-')]", "key: a text that is empty or has blanks"),
        ("return [Block('a', 'x'), Block('a', 'y')]", "the same key twice"),
        ("return [Block('a', 5)]", "title: int instead of a text"),
        ("return [Block('a', 'x' * 9999)]", "title: a text of 9999 characters"),
        ("return [Block('a', 'x', weight='heavy')]", "weight: str instead of"),
        ("return [Block('a', 'x', [Row('r', 'javascript:alert(1)')])]", "that is no address"),
        ("return [Block('a', 'x', [Row('r', '//elsewhere/')])]", "that is no address"),
        ("return [Block('a', 'x', (Row('r', '/') for _ in iter(int, 1)))]", "more than 50"),
        ("return (Block(str(n), 'x', empty='-') for n in range(1000))", "more than 50"),
        ("return [Block('a', 'x', [Row('r', '/', date='2026-01-01')])]", "date: str instead"),
    ],
)
def test_what_fails_or_is_nonsense_is_left_out_and_told(grow, body, error):
    grown = grow(fair=bad(body), good=GOOD)
    put(grown, "fair", "good")
    assert home(grown) == ["好东镇"]
    ((plugin, told),) = faults("home_blocks")
    assert plugin == "fair"
    assert error in told


def test_no_text_of_an_exception_is_kept(grow):
    """It may name whoever registered, and what of a clash the database or a parser repeats."""
    grown = grow(
        fair=f"NAME, PHONE = '{PERSON}', '{NUMBER}'\n"
        + bad("try:\n        int(NAME)\n    except ValueError as e: raise KeyError(PHONE) from e")
    )
    put(grown, "fair")
    grown.client.get(grown.url(grown.tree.town))
    with open_session(Scope.platform("test")) as session:
        [fault] = session.scalars(select(PluginFault).where(PluginFault.hook == "home_blocks"))
        kept = f"{fault.error}\n{fault.trace}"
    assert PERSON not in kept
    assert NUMBER not in kept
    assert fault.error.startswith("KeyError (fair/plugin.py:")
    assert "builtins.ValueError" in fault.trace
    assert "plugin.py" in fault.trace


def test_text_that_claims_to_be_markup_is_text(grow):
    grown = grow(
        fair="from markupsafe import Markup\n"
        + bad("return [Block('a', Markup('<b>fett</b>'), empty='<i>leer</i>')]")
    )
    put(grown, "fair")
    page = grown.client.get(grown.url(grown.tree.town))
    assert "<b>fett</b>" in page.text
    assert "<i>leer</i>" in page.text


@pytest.mark.parametrize(
    "body",
    [
        "import time; time.sleep(30)",
        "while not STOP: pass",
        "for _ in iter(lambda: bool(STOP), True): pass",
    ],
)
def test_a_call_that_does_not_come_back_is_abandoned(grow, settings, stopping, body):
    settings.plugin_call_seconds = 0.3
    grown = grow(fair="STOP = []\n" + bad(body), good=GOOD)
    stopping(grown, "fair")
    put(grown, "fair", "good")
    started = time.monotonic()
    assert home(grown) == ["好东镇"]
    assert time.monotonic() - started < 20
    assert faults("home_blocks") == [("fair", "CallTimeout: no answer in 0.3 s")]


def test_a_plugin_with_many_stuck_calls_is_not_called_again(grow, settings):
    settings.plugin_call_seconds = 0.2
    grown = grow(fair="import threading\nSTUCK = threading.Event()\n" + bad("STUCK.wait(60)"))
    put(grown, "fair")
    for _ in range(2):
        home(grown)
    home(grown)
    assert faults("home_blocks")[-1] == (
        "fair",
        "CallTimeout: earlier calls have not come back yet",
    )


def test_the_time_of_a_page_is_bounded(grow, settings):
    settings.plugin_call_seconds = 0.3
    settings.plugin_page_seconds = 0.5
    slow = {f"slow{n}": bad("import time; time.sleep(30)") for n in range(6)}
    grown = grow(**slow)
    visit(grown)
    own = visit(grown)
    put(grown, *slow)
    assert visit(grown) < 2 * own + 0.3 + 0.5 + 0.2
    assert len(faults("home_blocks")) <= 2


def visit(grown, page=""):
    started = time.monotonic()
    grown.client.get(grown.url(grown.tree.town, page))
    return time.monotonic() - started


def test_answers_are_sorted_by_weight_then_by_name(grow):
    def block(title, weight):
        return bad(f"return [Block('a', '{title}', empty='-', weight={weight})]")

    grown = grow(beta=block("b", 50), alpha=block("a", 50), first=block("f", 1))
    put(grown, "beta", "alpha", "first")
    assert home(grown) == ["f", "a", "b"]


def test_a_plugin_that_is_off_is_not_asked(grow):
    grown = grow(good=GOOD)
    grown.say("good", grown.tree.sister_town)
    assert home(grown) == []


def test_each_plugin_has_objects_and_a_session_of_its_own(grow):
    spoils = bad("tenant.name = 'spoilt'; session.info.clear(); session.close(); return []")
    grown = grow(fair=spoils, good=GOOD)
    put(grown, "fair", "good")
    assert home(grown) == ["好东镇"]
    assert grown.tree.town.name == "东镇"


def test_a_page_shows_blocks_links_and_panels(grow):
    grown = grow(
        good=GOOD
        + """
@hookimpl
def head_links(tenant):
    return [HeadLink("alternate", "application/atom+xml", "/feed/", "新公开")]
"""
    )
    put(grown, "good")
    page = grown.client.get(grown.url(grown.tree.village))
    assert page.select("//section[@aria-labelledby='good-here']//a[@href='/x/']")
    assert page.select("//nav//a[@href='/x/' and text()='好链接']")
    assert page.select("//head/link[@rel='alternate' and @href='/feed/']")
    assert "好链接" in grown.client.get(grown.url(grown.tree.town, "site-map/")).text


def test_a_head_link_loads_nothing(grow):
    grown = grow(
        fair="""
@hookimpl
def head_links(tenant):
    return [HeadLink("stylesheet", "text/css", "/x.css")]
"""
    )
    put(grown, "fair")
    page = grown.client.get(grown.url(grown.tree.town))
    assert not page.select("//head/link[@href='/x.css']")
    assert len(faults("head_links")) == 1


STAFF = """
blueprint = PluginBlueprint(MANIFEST, __name__)

@blueprint.get("/<code>/console/fair/")
@staff_page("fair.manage")
def manage():
    return {"is": "ok"}

@hookimpl
def blueprints():
    return [blueprint]

@hookimpl
def staff_links(tenant):
    return [
        StaffLink("fair", "活动", "集市管理", "plugin_fair.manage", "fair.manage", quick="办集市"),
    ]

@hookimpl
def staff_tasks(session, tenant, actor):
    return [Task("审核摊位", "/x/", 3, urgent=True), Task("空", "/x/", 0)]
"""
MANAGED = """
MANIFEST = Manifest(
    "fair", "1.0", "集市", permissions=(Permission("fair.manage", "管理集市", ("officer",)),),
)
"""


def test_staff_see_tasks_and_pages_that_they_may_open(grow):
    grown = grow(fair=MANAGED + STAFF)
    put(grown, "fair")
    grown.sign_in(grown.tree.town)
    page = grown.client.get(grown.url(grown.tree.town, "console/"))
    assert "审核摊位" in page.text
    assert "空" not in page.text
    assert "集市管理" in page.text
    assert "办集市" in page.text
    grown.client.get(grown.url(grown.tree.town, "console/fair/"))


@pytest.mark.parametrize(
    ("endpoint", "action"),
    [("plugin_fair.none", "fair.manage"), ("portal.home", "fair.manage"),
     ("plugin_fair.manage", "fair.unknown")],
)  # fmt: skip
def test_a_wrong_staff_link_breaks_no_menu(grow, endpoint, action):
    wrong = STAFF.replace('"plugin_fair.manage", "fair.manage"', f'"{endpoint}", "{action}"')
    grown = grow(fair=MANAGED + wrong)
    put(grown, "fair")
    grown.sign_in(grown.tree.town)
    page = grown.client.get(grown.url(grown.tree.town, "console/"))
    assert "集市管理" not in page.text
    assert len(faults("staff_links")) == 1


def test_writing_hooks_are_committed_and_others_are_not(grow):
    grown = grow(
        fair="""
from core.tenancy.models import Organ as Body

@hookimpl
def daily(session, tenant):
    session.add(Body(tenant_id=tenant.id, name="夜间"))

@hookimpl
def staff_tasks(session, tenant, actor):
    session.add(Body(tenant_id=tenant.id, name="偷写"))
    session.flush()
"""
    )
    put(grown, "fair")
    town = grown.tree.town
    assert TenantHooks(town).daily("fair")
    with open_session(Scope.subtree(town, "test")) as session:
        TenantHooks(town).staff_tasks(session, None)
    from core.tenancy.models import Organ

    with open_session(Scope.own(town)) as session:
        assert list(session.scalars(select(Organ.name))) == ["夜间"]


def test_the_demonstration_asks_what_is_on_for_something_to_see(grow):
    grown = grow(
        fair="""
@hookimpl
def demo(session, tenant):
    session.add(Organ(tenant_id=tenant.id, name="集市办"))
"""
    )
    put(grown, "fair")
    TenantHooks(grown.tree.town).demo()
    TenantHooks(grown.tree.other_town).demo()
    from core.tenancy.models import Organ

    with open_session(Scope.platform("test")) as session:
        assert list(session.scalars(select(Organ.tenant_id))) == [grown.tree.town.id]


def test_work_of_the_night_that_comes_back_too_late_stores_nothing(grow, monkeypatch):
    monkeypatch.setitem(runner.LONGER, "daily", 0.2)
    grown = grow(
        fair="""
import threading
GO = threading.Event()
DONE = threading.Event()

@hookimpl
def daily(session, tenant):
    session.add(Organ(tenant_id=tenant.id, name="太晚"))
    try:
        while not GO.wait(0.01):
            pass
    except BaseException:
        pass
    DONE.set()
"""
    )
    put(grown, "fair")
    assert not TenantHooks(grown.tree.town).daily("fair")
    module = grown.host.plugins["fair"].module
    module.GO.set()
    assert module.DONE.wait(10)
    for late in grown.app.extensions["plugin_threads"].list_abandoned():
        late.thread.join(10)
    from core.tenancy.models import Organ

    with open_session(Scope.own(grown.tree.town)) as session:
        assert list(session.scalars(select(Organ.name))) == []


def test_the_first_carrier_that_takes_a_message_has_it(grow):
    def carrier(body):
        return f"SEEN = []\n@hookimpl\ndef notify(tenant, message):\n    {body}\n"

    grown = grow(
        alpha=carrier("return False"),
        beta=carrier("raise OSError('no line')"),
        gamma=carrier("SEEN.append(message.text); return True"),
        omega=carrier("SEEN.append(message.text); return True"),
    )
    put(grown, "alpha", "beta", "gamma", "omega")
    assert TenantHooks(grown.tree.town).notify(Message("13800000000", "好")) == "gamma"
    names = ("alpha", "beta", "gamma", "omega")
    seen = {name: getattr(grown.host.plugins[name].module, "SEEN", []) for name in names}
    assert seen == {"alpha": [], "beta": [], "gamma": ["好"], "omega": []}


def test_synonyms_problems_and_cards_are_checked_too(grow):
    grown = grow(
        fair="""
@hookimpl
def search_synonyms(tenant):
    return {"开放日": ["参观"]}

@hookimpl
def check_config(tenant, settings):
    return [Problem("缺号码", "填写号码")] if not settings else []

@hookimpl
def answer_cards(session, tenant, asked):
    return [AnswerCard("next", asked.typed, "/x/", ("一", "二"))]
"""
    )
    put(grown, "fair")
    hooks = TenantHooks(grown.tree.town)
    assert hooks.search_synonyms() == {"开放日": ("参观",)}
    assert [problem.remedy for problem in hooks.check_config("fair", {})] == ["填写号码"]
    with open_session(Scope.public(grown.tree.town)) as session:
        (card,) = hooks.answer_cards(session, Asked("开放日", "开放日"))
    assert card.key == "fair-next"
    assert card.lines == ("一", "二")


def test_calls_are_printed_where_the_installation_asks_for_it(grow, settings, capsys):
    settings.trace_hooks = True
    grown = grow(good=GOOD, fair=bad("raise ValueError"))
    put(grown, "good", "fair")
    home(grown)
    told = capsys.readouterr().err
    assert "hook good.home_blocks at 990111100: 1 (" in told
    assert "hook fair.home_blocks at 990111100: ValueError() (" in told
