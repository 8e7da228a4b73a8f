"""A few plugins as the host would report them, and words said about them."""

from types import SimpleNamespace

import pytest

from core.hooks.manifest import Manifest
from core.hooks.memory import tell
from core.hooks.state_models import PluginDecision


def manifest(name, **options):
    return Manifest(name, "1.0", title=f"插件{name}", summary="", **options)


INSTALLED = (
    manifest("fair"),
    manifest("stall", requires=("fair",)),
    manifest("well", levels=("village",)),
)


@pytest.fixture
def plugins(app):
    """The installed plugins; a test may add its own."""
    app.extensions["plugins"] = SimpleNamespace(manifests={m.name: m for m in INSTALLED})
    return app.extensions["plugins"].manifests


@pytest.fixture
def say(plugins, platform):
    """Put a word about a plugin at a tenant, as it stands in the database."""

    def put(tenant, word, name="fair", *, own=False):
        platform.add(PluginDecision(tenant_id=tenant.id, plugin=name, word=word, own=own))
        tell(platform, tenant.id)
        platform.commit()

    return put
