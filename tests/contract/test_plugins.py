"""Every plugin of the platform passes the checklist that others' plugins must pass."""

import pytest

from core.authoring.checklist import run_checklist
from core.plugins.api.paths import MAIN
from core.settings import resource

PLUGINS = sorted(path.parent for path in resource("plugins").glob(f"*/{MAIN}"))


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda folder: folder.name)
def test_it_passes_every_point(folder, app):
    assert {check.name: check.detail for check in run_checklist(folder) if not check.ok} == {}
