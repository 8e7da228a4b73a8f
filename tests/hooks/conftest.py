"""A few plugins as the host would report them, and words said about them."""

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from core.accounts.permissions import Actor, Role
from core.accounts.service import actor_of, add_user, give_role
from core.db.scope import open_session
from core.hooks.checks import register
from core.hooks.discovery import Found
from core.hooks.manager import Plugin, PluginHost
from core.hooks.manifest import Manifest
from core.hooks.markers import hookimpl
from core.hooks.memory import changing
from core.hooks.parts import Parts
from core.hooks.state_models import PluginDecision

PASSWORD = "correct horse battery"


def manifest(name, **options):
    return Manifest(name, "1.0", title=f"插件{name}", summary="", **options)


INSTALLED = (
    manifest("fair"),
    manifest("stall", requires=("fair",)),
    manifest("well", levels=("village",)),
)


def install(host, made, *, search_kinds=(), **hooks):
    """Put a plugin into a host, with these functions as its hooks."""
    module = ModuleType(made.name)
    for name, function in hooks.items():
        setattr(module, name, hookimpl(function))
    register(host.manager, module, made.name)
    found = Found(made.name, f"plugins.{made.name}.plugin", "tests")
    parts = Parts(search_kinds=search_kinds)
    host.plugins[made.name] = Plugin(made, module, Path(), found, parts, 0.0)


@pytest.fixture
def plugins(app):
    """The host of the installed plugins; a test may install its own."""
    host = PluginHost()
    for made in INSTALLED:
        install(host, made, search_kinds=("something",))
    app.extensions["plugins"] = host
    return host


@pytest.fixture
def say(plugins, platform):
    """Put a word about a plugin at a tenant, as it stands in the database."""

    def put(tenant, word, name="fair", *, own=False):
        platform.add(PluginDecision(tenant_id=tenant.id, plugin=name, word=word, own=own))
        changing(platform)
        platform.commit()

    return put


@dataclass(frozen=True)
class Officers:
    """Who decides: at the county, in a township, in another county."""

    county: Actor
    town: Actor
    other: Actor


@pytest.fixture
def officers(tree):
    """Accounts with the role of an open-affairs office, each at one place."""

    def person(session, username, tenant):
        user = add_user(session, username=username, name=username, password=PASSWORD)
        give_role(session, user, tenant, Role.OFFICER)
        session.flush()
        return actor_of(session, user)

    with open_session(None) as session:
        return Officers(
            person(session, "county", tree.county),
            person(session, "town", tree.town),
            person(session, "other", tree.other_county),
        )
