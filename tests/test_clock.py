"""One clock: China's day everywhere, and the same shift in every process."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.app import create_app
from core.clock import first_moment, local_day, now, set_offset, stamp, today
from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.search.models import SearchPromotion
from core.testing.pages import url_for

EARLY = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)  # 07:30 on the 30th in China
MONDAY = date(2026, 11, 30)


@pytest.fixture
def early(app, set_clock):
    set_clock(EARLY)


@pytest.fixture
def unshifted():
    yield
    set_offset(0)


@pytest.mark.usefixtures("early")
def test_before_eight_in_the_morning_it_is_chinas_day():
    assert now() == utc_now() == EARLY
    assert today() == local_day(EARLY) == MONDAY
    assert stamp(EARLY) == "2026-11-30 07:30"


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("day", [date(1986, 5, 4), MONDAY, date(1991, 9, 15)])
def test_a_day_begins_at_its_own_midnight(day):
    assert local_day(first_moment(day)) == day
    assert local_day(first_moment(day) - timedelta(seconds=1)) == day - timedelta(days=1)


@pytest.mark.usefixtures("early")
def test_staff_pages_show_chinas_day(client, sign_in_as, tree):
    sign_in_as("officer", tree.county)
    page = client.get(url_for("publishing_console.new", place=tree.county))
    assert page.select("//input[@name='formed_on']/@value") == ["2026-11-30"]
    client.post(
        url_for("publishing_console.create", place=tree.county),
        {"title": "清早写的", "act": "save"},
    )
    page = client.get(url_for("publishing_console.index", place=tree.county))
    assert page.select("//li//time/text()") == ["2026-11-30 07:30"]
    period = {"starts_on": MONDAY, "ends_on": MONDAY}
    promotion = SearchPromotion(words="医保", document="a:1", title="医保缴费", **period)
    with open_session(Scope.own(tree.county)) as session:
        session.add(promotion)
        promotion.tenant_id = tree.county.id
    page = client.get(url_for("search_console.promotions", place=tree.county))
    assert page.select("//li//span[@class='row__title']/span[contains(@class,'good')]")


def test_an_application_shifts_the_clock_of_its_process(settings, unshifted):
    before = datetime.now(UTC)
    create_app(settings.changed(clock_offset=86_400))
    assert timedelta(days=1) <= now() - before < timedelta(days=1, minutes=5)
    assert utc_now() - now() < timedelta(seconds=5)


def test_a_command_obeys_the_shift_and_doctor_warns_of_it(gongkai, tree):
    year_ahead = {"GONGKAI_CLOCK_OFFSET": str(366 * 86_400)}
    code = tree.county.division_code
    shown = [
        date.fromisoformat(
            gongkai("catalog", "show", "--tenant", code, "--json", **environment).json["at"]
        )
        for environment in ({}, year_ahead)
    ]
    assert shown[1] - shown[0] in {timedelta(days=366), timedelta(days=367)}
    report = gongkai("doctor", "--json", **year_ahead).json
    assert any("GONGKAI_CLOCK_OFFSET" in check["remedy"] for check in report["checks"])
    report = gongkai("doctor", "--json").json
    assert not any("GONGKAI_CLOCK_OFFSET" in check["remedy"] for check in report["checks"])
