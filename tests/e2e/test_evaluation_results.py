"""Results of evaluations as a citizen and the office meet them, on a phone and at a desk."""

import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
YEAR = "2025年度政务公开评议"


@pytest.fixture(scope="module")
def published(site):
    """The demonstration with published evaluations of two years."""
    subprocess.run(
        [sys.executable, "-m", "tests.e2e.publish_evaluation"], check=True,
        env=os.environ | {"GONGKAI_DATA_DIR": str(site.data_dir)},
    )  # fmt: skip
    return site


@pytest.mark.parametrize("size", SIZES)
def test_from_the_overview_to_the_sheet(page, look, published, size):
    page.set_viewport_size(SIZES[size])
    look(f"{published.url}/990101/evaluation/")
    page.get_by_role("link", name="历年情况").click()
    look()
    expect(page.get_by_role("img", name="历年总分平均")).to_be_visible()
    page.get_by_role("link", name=YEAR).click()
    look()
    expect(page.get_by_role("heading", name="乡镇（街道）", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="未公布结果的单位")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="计算表（Excel）").click()
    path = download.value.path()
    computed = published.run("evaluation", "compute", "1", "--sheet", str(path))
    shown = page.get_by_role("table", name="结果：部门").locator("tbody tr")
    expect(shown).to_have_count(3)
    assert [one["rank"] for one in computed["results"] if one["group"] == "department"] == [1, 2, 3]


def test_the_office_sees_all_results_and_the_text_for_the_report(page, look, published):
    page.set_viewport_size(SIZES["phone"])
    look(f"{published.url}/sign-in/")
    page.fill("#username", "county-officer")
    page.fill("#password", published.sign_ins["county-officer"])
    page.click("main button[type=submit]")
    look(f"{published.url}/990101/console/evaluation/campaigns/1/results/")
    expect(page.get_by_text("单独反馈").last).to_be_visible()
    expect(page.get_by_role("heading", name="年度报告用文稿")).to_be_visible()
