"""Open days in the search box."""

import pytest

from core.testing.pages import url_for

NOTICE = "搜索正在维护"


@pytest.fixture
def no_engine(settings):
    """An index that nobody can read."""
    folder = settings.data_dir / "search"
    folder.mkdir(exist_ok=True)
    (folder / "CURRENT").write_bytes(b"\xff\xfe")


def test_open_days_are_found_by_title_while_no_engine_answers(client, county, day, no_engine):
    def links(words):
        page = client.get(url_for("search.page", place=county, q=words))
        assert NOTICE in page.text
        return [link.get("href") for link in page.select("//main//ol//a")]

    wanted = url_for("plugin_open_day.show", day.id, place=county)
    for words in ("政务大厅", "走进 大厅"):
        assert wanted in links(words)
    assert wanted not in links("村务")
