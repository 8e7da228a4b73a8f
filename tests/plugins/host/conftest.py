"""Plugins that tests write, and an application that has them."""

from contextlib import ExitStack

import pytest

from core.db.migrate import upgrade_database
from core.db.scope import Scope, open_session
from core.permissions import Role
from core.plugins.activation.cache import bump_version
from core.plugins.models import PluginDecision
from core.testing.factories.people import create_person
from core.testing.factories.trees import load_tree
from core.testing.pages import PageClient

HEAD = """
from core.sdk import *

MANIFEST = Manifest("{name}", "1.0", "{name}", "")
"""


class Grown:
    """An application with plugins, and what tests do with it."""

    def __init__(self, app):
        app.config["WTF_CSRF_ENABLED"] = False
        self.app = app
        self.host = app.extensions["plugins"]
        self.client = PageClient(app)
        with open_session(None) as session:
            self.tree = load_tree(session)

    def say(self, name, tenant, word="on"):
        with open_session(Scope.platform("test")) as session:
            session.add(PluginDecision(tenant_id=tenant.id, plugin=name, word=word, own=False))
            bump_version(session)

    def url(self, tenant, path=""):
        return f"/{tenant.division_code}/{path}"

    def sign_in(self, tenant, role=Role.OFFICER):
        create_person("staff", role, tenant)
        self.client.sign_in("staff")


@pytest.fixture
def tree():
    """Have the tree in the database; `Grown.tree` is it."""


@pytest.fixture
def stopping():
    """End the loops of plugins (`while not STOP`) after the test: nothing else can."""
    modules = []

    def register(grown, name):
        modules.append(grown.host.plugins[name].module)

    yield register
    for module in modules:
        module.STOP.append("the test is over")


@pytest.fixture
def grow(plugin_factory, settings, tree):
    """Write plugins (`name=source`), and start an application that has them."""
    stack = ExitStack()

    def start(files=None, **sources):
        for name, source in sources.items():
            plugin_factory.write(name, HEAD.format(name=name) + source, (files or {}).get(name))
        app = stack.enter_context(plugin_factory.application(settings))
        upgrade_database()
        return Grown(app)

    with stack:
        yield start
