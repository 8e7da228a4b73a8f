"""Write plugins for a test, switch plugins on, and choose their settings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from textwrap import dedent

from flask import Flask

from core.app import create_app
from core.db.owners import forget, list_owned_tables
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.permissions import OPERATOR
from core.plugins.activation.decisions import store_policy
from core.plugins.activation.rules import Policy
from core.plugins.activation.settings import SettingChoice, change_settings
from core.plugins.loading.discovery import PACKAGE
from core.settings import Settings
from core.testing.shortcuts import share_templates


class PluginFactory:
    """A folder of plugins; what a test writes there is gone after it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, main: str, files: Mapping[str, str] | None = None) -> Path:
        """Write a plugin: its `plugin.py`, and other files by their path."""
        home = self.folder / name
        for path, text in {"__init__.py": "", "plugin.py": main, **(files or {})}.items():
            target = home / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(dedent(text), encoding="utf-8")
        return home

    @contextmanager
    def application(self, settings: Settings) -> Iterator[Flask]:
        """Make an application that has these plugins; an application context is open."""
        app = create_app(settings.changed(plugin_folders=str(self.folder)))
        app.load_pages()
        share_templates(app)
        with app.app_context():
            yield app
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()

    def clear(self) -> None:
        """Have the process forget what it loaded from here."""
        for main in self.folder.glob("*/plugin.py"):
            package = f"{PACKAGE}.{main.parent.name}"
            forget(package, list_owned_tables(package))
        path = import_module(PACKAGE).__path__
        if str(self.folder) in path:
            path.remove(str(self.folder))


def set_policy(name: str, tenant: Tenant, policy: str = "on") -> None:
    """Decide `on`, `off`, `pinned`, `forbidden` or `delegated` for a plugin at a tenant."""
    with open_session(Scope.platform("test")) as session:
        store_policy(session, OPERATOR, name, Policy(policy), [tenant])


def choose_settings(name: str, tenant: Tenant, **values: str) -> None:
    """Choose settings of a plugin at a tenant, as they are stored."""
    choices = [SettingChoice(field, value) for field, value in values.items()]
    with open_session(Scope.platform("test")) as session:
        change_settings(session, OPERATOR, name, tenant, choices)
