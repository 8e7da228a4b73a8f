"""What plugins cost a page: 0, 4, 20 and 50 installed, half of them on, asked in turn.

Each of the plugins answers every hook of a public page with something to show, and reads its
settings; the platform's own plugins are installed and off. The applications share one database and
are asked one after the other. Measured is processor time, of all threads, so that what else the
machine does counts little.

Then one plugin, of which the application beside it has none: on with nothing for the page (its
answers depend on the place, and are kept), with something, and asked each time.
"""

import gc
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles

from flask import Flask

from core.app import create_app
from core.db.scope import Scope, open_session
from core.permissions import OPERATOR
from core.plugins.activation.decisions import store_policy
from core.plugins.activation.rules import Policy
from core.publishing.content import Content
from core.settings import Settings
from core.testing.databases import Databases
from core.testing.factories.plugins import PluginFactory
from core.testing.factories.publishing import publish_at
from core.testing.factories.trees import Tree, load_tree

INSTALLED = (0, 4, 20, 50)
ROUNDS = 40
PLUGIN = """
    from marshmallow import Schema, fields
    from core.sdk import Block, HeadLink, Link, Manifest, Row
    from core.sdk import get_plugin_settings, hookimpl, tenant_url

    class Options(Schema):
        words = fields.String(load_default="words")

    MANIFEST = Manifest(
        "{name}", "1.0", "{name}", settings=Options, depends_on="{depends_on}"
    )

    def address(tenant):
        return tenant_url("portal.home", tenant)

    def block(tenant):
        if {is_quiet}:
            return []
        words = get_plugin_settings("{name}", tenant)["words"]
        return [Block("{name}", words, (Row(words, address(tenant)),))]

    @hookimpl
    def home_blocks(session, tenant):
        return block(tenant)

    @hookimpl
    def publication_panels(session, tenant, publication):
        return block(tenant)

    @hookimpl
    def nav_links(tenant):
        return [] if {is_quiet} else [Link("{name}", "{name}", address(tenant))]

    @hookimpl
    def head_links(tenant):
        link = HeadLink("alternate", "text/plain", address(tenant), "{name}")
        return [] if {is_quiet} else [link]
"""
# What one plugin is: its name, when its answers change, and whether it has any.
ONE = (("quiet", "place", True), ("kept", "place", False), ("asked", "anything", False))
REQUESTS_OF_A_TURN, TURNS = 20, 15
GOAL_QUIET, GOAL_ANSWER = 0.02, 0.3


def run() -> dict[str, object]:
    """Print the time of pages by number of plugins, and what one that is on adds."""
    with ExitStack() as stack:
        databases = Databases()
        stack.callback(databases.stop)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(databases.fresh("sqlite", folder, "tree"))
        figures = _measure_one(folder / "one", url)
        apps = {count: _application(folder, url, count) for count in INSTALLED}
        tree, article = _arrange(apps[INSTALLED[-1]])
        home = f"/{tree.town.division_code}/"
        _report("home page", apps, home)
        _report("article", apps, f"{home}publications/{article}/")
        return {"one_plugin_ms": figures}


def _measure_one(folder: Path, url: str) -> dict[str, float]:
    """Print what one plugin of each kind adds to a page, compared within turns.

    Applications find the plugins of earlier ones too: only one is on at a time.
    """
    without = _create(folder, url, PluginFactory(folder / "none"))
    tree = _load_tree(without)
    home = f"/{tree.town.division_code}/"
    figures: dict[str, float] = {}
    for name, depends_on, is_quiet in ONE:
        plugin_factory = PluginFactory(folder / name)
        source = PLUGIN.format(name=name, depends_on=depends_on, is_quiet=is_quiet)
        plugin_factory.write(name, source)
        app = _create(folder, url, plugin_factory)
        _decide(app, tree, [name], Policy.ON)
        gc.freeze()  # the other applications are nothing to collect
        page, figures[name] = _compare(without, app, home)
        _decide(app, tree, [name], Policy.OFF)
        print(f"one plugin, {name:<6}{figures[name]:+.3f} ms = {figures[name] / page:+.1%}")
    print(f"goals: quiet {GOAL_QUIET:.0%}, kept {GOAL_ANSWER} ms")
    return figures


def _compare(without: Flask, app: Flask, address: str) -> tuple[float, float]:
    """Return the milliseconds of a page, and what another application adds to it."""
    turns = [(_spend(without, address), _spend(app, address)) for _ in range(TURNS + 1)][1:]
    return median(page for page, _ in turns), median(more - page for page, more in turns)


def _spend(app: Flask, address: str) -> float:
    """Return the milliseconds of processor time of a request, the median of a turn."""
    client = app.test_client()
    taken = []
    for _ in range(REQUESTS_OF_A_TURN):
        started = time.process_time()
        assert client.get(address).status_code == 200, address
        taken.append((time.process_time() - started) * 1_000)
    return median(taken)


def _application(folder: Path, url: str, count: int) -> Flask:
    """An application with so many plugins: those of the smaller ones, and its own."""
    plugin_factory = PluginFactory(folder / f"upto{count}")
    below = max((smaller for smaller in INSTALLED if smaller < count), default=0)
    for number in range(below, count):
        name = f"bench{number}"
        source = PLUGIN.format(name=name, depends_on="anything", is_quiet=False)
        plugin_factory.write(name, source)
    return _create(folder, url, plugin_factory)


def _create(folder: Path, url: str, plugin_factory: PluginFactory) -> Flask:
    settings = Settings(
        data_dir=folder / "data",
        database_url=url,
        secret_key="key-of-the-tests",
        plugin_folders=str(plugin_factory.folder),
        page_cache="off",
    )
    return create_app(settings)


def _arrange(app: Flask) -> tuple[Tree, int]:
    """Every second plugin is on in the county; a township has published something."""
    tree = _load_tree(app)
    _decide(app, tree, [f"bench{number}" for number in range(0, INSTALLED[-1], 2)], Policy.ON)
    with app.app_context(), open_session(Scope.own(tree.town)) as session:
        content = Content(title="停水通知", body_source="周三上午停水。", genre="通知公告")
        return tree, publish_at(session, tree.town, content).id


def _load_tree(app: Flask) -> Tree:
    with app.app_context(), open_session(None) as session:
        return load_tree(session)


def _decide(app: Flask, tree: Tree, names: Sequence[str], policy: Policy) -> None:
    with app.app_context(), open_session(Scope.platform("benchmark")) as session:
        for name in names:
            store_policy(session, OPERATOR, name, policy, [tree.county])


def _report(title: str, apps: dict[int, Flask], address: str) -> None:
    taken: dict[int, list[float]] = {count: [] for count in apps}
    for turn in range(ROUNDS + 3):
        for count, app in apps.items():
            started = time.process_time()
            answer = app.test_client().get(address)
            spent = (time.process_time() - started) * 1_000
            assert answer.status_code == 200, address
            assert answer.text.count("bench") >= count // 2
            if turn >= 3:  # templates are compiled, states are read
                taken[count].append(spent)
    print(f"{title:<12}{'installed':>10}{'on':>6}{'median ms':>11}{'p95 ms':>9}{'ratio':>8}")
    nothing = median(taken[0])
    for count, times in taken.items():
        middle, late = median(times), quantiles(times, n=20)[-1]
        print(f"{count:>22}{count // 2:>6}{middle:>11.1f}{late:>9.1f}{middle / nothing:>8.2f}")
    most = INSTALLED[-1]
    each = (median(taken[most]) - nothing) / (most // 2)
    print(f"{'':<12}one plugin that is on costs {each:.2f} ms a page\n")
