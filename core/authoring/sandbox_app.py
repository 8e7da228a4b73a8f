"""An installation made for trying one plugin: a small tree, a county where it is on, people."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from flask import Flask

from core.accounts.service import add_user, give_role
from core.app import create_app
from core.db.engine import db
from core.db.migrate import upgrade_database
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.errors import Invalid
from core.permissions import OPERATOR, Role
from core.plugins.activation.decisions import store_policy
from core.plugins.activation.rules import Policy
from core.plugins.loading.host import Plugin, get_host
from core.settings import Settings
from core.testing.factories.trees import Tree, build_tree, load_tree
from core.testing.pages import PageClient

INSIDER, PASSWORD = "insider", "a password for the trial"


@dataclass(frozen=True, slots=True)
class SandboxApp:
    """The plugin in an application whose county has it; in the other county nothing is on."""

    app: Flask
    plugin: Plugin
    tree: Tree

    @property
    def places(self) -> tuple[Tenant, ...]:
        """A county, a township, a village: those that can have the plugin."""
        tree = self.tree
        levels = self.plugin.manifest.levels
        return tuple(t for t in (tree.county, tree.town, tree.village) if t.level in levels)

    def visitor(self) -> PageClient:
        """Somebody who is not signed in."""
        return PageClient(self.app)

    def insider(self) -> PageClient:
        """Somebody who holds every role at every place of the county, signed in."""
        client = PageClient(self.app)
        client.sign_in(INSIDER, PASSWORD)
        return client


@contextmanager
def open_sandbox(folder: Path) -> Iterator[SandboxApp]:
    """Try the plugin in this folder on a database of its own; raises `Invalid` if refused."""
    with tempfile.TemporaryDirectory(prefix="gongkai-plugin-") as name:
        settings = Settings(
            data_dir=Path(name),
            database_url=f"sqlite:///{name}/trial.sqlite3",
            plugin_folders=str(folder.parent),
            secret_key="trial",  # noqa: S106 - of a throw-away installation
            testing=True,
        )
        app = create_app(settings)
        app.load_pages()
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            plugin = _loaded(app, folder)
            upgrade_database()
            yield SandboxApp(app, plugin, _arrange(plugin))
            db.engine.dispose()


def _loaded(app: Flask, folder: Path) -> Plugin:
    host = get_host(app)
    for left in host.left_out:
        if left.name == folder.name:
            raise Invalid({"plugin": left.reason})
    found = host.plugins.get(folder.name)
    if found is None or found.folder.resolve() != folder.resolve():
        raise Invalid({"plugin": f"{folder} is not the plugin {folder.name} that was loaded"})
    return found


def _arrange(plugin: Plugin) -> Tree:
    with open_session(None) as session:
        build_tree(session)
        tree = load_tree(session)
        user = add_user(session, username=INSIDER, name=INSIDER, password=PASSWORD)
        for place, role in product((tree.county, tree.town, tree.village), Role):
            give_role(session, user, place, role)
    with open_session(Scope.platform("trial of a plugin")) as session:
        for name in (*plugin.manifest.requires, plugin.name):
            store_policy(session, OPERATOR, name, Policy.ON, [tree.county])
    return tree
