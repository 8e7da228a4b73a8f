"""A county whose villages and offices publish lists; the plugin is on there."""

import pytest

from core.testing.factories.catalog import define_items
from core.testing.factories.plugins import set_policy
from plugins.village_sync.tests.factories import FARMLAND, GUIDE, OTHER_SUBSIDY, SUBSIDIES


@pytest.fixture
def county(app, tree):
    """The county with the plugin on; a busy machine leaves no part out."""
    app.extensions["gongkai"].plugin_call_seconds = 60
    app.extensions["gongkai"].plugin_page_seconds = 120
    define_items(tree.county, "butie", "惠农补贴", {
        SUBSIDIES: ("农业补贴发放情况", ["village"]),
        FARMLAND: ("耕地地力保护补贴", ["county", "township"]),
        OTHER_SUBSIDY: ("实际种粮农民补贴", ["county", "township"]),
        GUIDE: ("耕地地力保护补贴办事指南", ["county", "township"]),
    })  # fmt: skip
    set_policy("village_sync", tree.county)
    return tree.county
