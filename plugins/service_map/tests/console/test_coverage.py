"""Pictures of coverage: what the staff see of it."""

import pytest

from core.testing.pages import url_for
from plugins.service_map.points.coverage import count_bands
from plugins.service_map.tests.public.points import put_point


def test_bands():
    assert count_bands([(0, 1), (1_000, 2), (1_001, 4), (5_000, 8), (10_001, 16)]) == [
        3,
        4,
        8,
        0,
        16,
    ]


@pytest.fixture
def villages(own, tree, county, sign_in_as):
    """A village beside the hall, and a township 27 km away from it."""
    hall = {"type_key": "hall", "offers": [{"name": "社保卡申领"}]}
    put_point(own, county, "县政务大厅", lng=106.60, lat=35.90, **hall)
    put_point(own, tree.village, "村服务站", lng=106.61, lat=35.90)
    put_point(own, tree.town, "镇服务中心", lng=106.90, lat=35.90)
    own.commit()
    sign_in_as("officer", county)


def test_the_staff_see_which_places_are_far_from_a_service(client, villages, tree):
    page = client.get(url_for("plugin_service_map_coverage.show", service="社保卡"))
    [far] = page.select("//table[caption[contains(.,'较远')]]//tbody/tr[td[2]]")
    assert tree.town.name in far.text_content()
    assert "27.0" in far.text_content()
    assert "2 个地方中有 1 个" in page.text
    assert page.select("//figure//*[local-name()='svg']")
    near = client.get(url_for("plugin_service_map_coverage.show", service="社保卡", km=30))
    assert "2 个地方中有 0 个" in near.text


def test_the_table_can_be_taken_along(client, villages, tree):
    answer = client.get(url_for("plugin_service_map_coverage.export", type="hall"))
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert any("县政务大厅" in line and "27.0" in line for line in lines)
