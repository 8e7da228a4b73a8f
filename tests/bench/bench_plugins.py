"""What plugins cost a page: 0, 4, 20 and 50 installed, half of them on, asked in turn.

Each of the plugins answers every hook of a public page with something to show, and reads its
settings; the platform's own plugins are installed and off. The applications share one database and
are asked one after the other. Measured is processor time, of all threads, so that what else the
machine does counts little.
"""

import tempfile
import time
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

    MANIFEST = Manifest("{name}", "1.0", "{name}", settings=Options)

    def address(tenant):
        return tenant_url("portal.home", tenant)

    def block(tenant):
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
        return [Link("{name}", "{name}", address(tenant))]

    @hookimpl
    def head_links(tenant):
        return [HeadLink("alternate", "text/plain", address(tenant), "{name}")]
"""


def run() -> None:
    """Print the time of pages by number of plugins, and what one that is on adds."""
    with ExitStack() as stack:
        databases = Databases()
        stack.callback(databases.stop)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(databases.fresh("sqlite", folder, "tree"))
        apps = {count: _application(folder, url, count) for count in INSTALLED}
        tree, article = _arrange(apps[INSTALLED[-1]])
        home = f"/{tree.town.division_code}/"
        _report("home page", apps, home)
        _report("article", apps, f"{home}publications/{article}/")


def _application(folder: Path, url: str, count: int) -> Flask:
    """An application with so many plugins: those of the smaller ones, and its own."""
    plugin_factory = PluginFactory(folder / f"upto{count}")
    below = max((smaller for smaller in INSTALLED if smaller < count), default=0)
    for number in range(below, count):
        plugin_factory.write(f"bench{number}", PLUGIN.format(name=f"bench{number}"))
    settings = Settings(
        data_dir=folder / "data",
        database_url=url,
        secret_key="key-of-the-tests",
        plugin_folders=str(plugin_factory.folder),
    )
    return create_app(settings)


def _arrange(app: Flask) -> tuple[Tree, int]:
    """Every second plugin is on in the county; a township has published something."""
    with app.app_context():
        with open_session(None) as session:
            tree = load_tree(session)
        with open_session(Scope.platform("benchmark")) as session:
            for number in range(0, INSTALLED[-1], 2):
                store_policy(session, OPERATOR, f"bench{number}", Policy.ON, [tree.county])
        with open_session(Scope.own(tree.town)) as session:
            content = Content(title="停水通知", body_source="周三上午停水。", genre="通知公告")
            return tree, publish_at(session, tree.town, content).id


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
