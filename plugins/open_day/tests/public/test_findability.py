"""Open days in the search box."""

import pytest

from core.sdk import OPERATOR, Context
from core.testing.kit import list_search_changes
from core.testing.pages import url_for
from plugins.open_day.domain.states import DayTransition
from plugins.open_day.events.forms import PRACTICAL
from plugins.open_day.events.lifecycle import change_state, edit_day
from plugins.open_day.tests.factories import make_day

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


@pytest.mark.parametrize(
    "transition", [DayTransition.PUBLISH, DayTransition.CANCEL, DayTransition.POSTPONE, "edit"]
)
def test_what_the_office_does_with_a_day_reaches_the_search_at_once(own, county, transition):
    published = {"state": "in_review", "published_at": None}
    day = make_day(own, county, **(published if transition is DayTransition.PUBLISH else {}))
    ctx = Context(own, county, OPERATOR)
    if transition == "edit":
        edit_day(ctx, day, {name: getattr(day, name) for name in PRACTICAL} | {"body": "新的"})
    else:
        change_state(ctx, day, transition, "改期")
    own.flush()
    assert list_search_changes(own, "open_day") == [str(day.id)]
