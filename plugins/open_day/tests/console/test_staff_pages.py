"""The staff's way through an open day, page by page."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.sdk import Scope, open_session, utc_now, zone
from core.testing.factories.catalog import define_items
from core.testing.factories.people import create_person
from core.testing.pages import url_for
from plugins.open_day.models.registration import OpenDay, Registration
from plugins.open_day.tests.factories import make_day

ITEM, OTHER = "CN-jiuzhu-001", "CN-jiuzhu-002"

NEW = {
    "title": "走进县水厂",
    "date": (utc_now() + timedelta(days=12)).date().isoformat(),
    "starts": "09:00",
    "ends": "11:00",
    "capacity": "20",
    "place": "县自来水厂",
    "mode": "first_come",
    "max_party": "3",
    "remind_hours": "24",
    "retention_days": "180",
    "one_per_phone": "1",
    "consent_text": "仅用于本次活动。",
    "summary": "看制水、问水价。",
}


@pytest.fixture
def staff(county):
    """A liaison who writes, a reviewer who approves, a clerk at the door."""
    return {
        role: create_person(role, role, county)
        for role in ("liaison", "reviewer", "clerk", "officer")
    }


@pytest.fixture
def enter(client, staff):
    """Sign in as one of them."""

    def signed_in(username):
        client.sign_out() if enter_before else None
        enter_before.append(username)
        client.sign_in(username)
        return client

    enter_before = []
    return signed_in


def row(model, **columns):
    with open_session(Scope.platform("test")) as session:
        query = select(model).filter_by(**columns).order_by(model.id.desc())
        return session.scalars(query).first()


def announced(enter, **changes):
    """An open day that was written by one person and approved by another."""
    page = enter("liaison").post(url_for("plugin_open_day_days.create"), NEW | changes)
    number = int(re.search(r"open-days/(\d+)/", page.location)[1])
    client = enter("liaison")
    client.post(url_for("plugin_open_day_approval.submit", number))
    client = enter("reviewer")
    client.post(url_for("plugin_open_day_approval.decide", number), {"act": "publish"})
    return number


def held(number):
    """Let the day be over."""
    with open_session(Scope.platform("test")) as session:
        day = session.get(OpenDay, number)
        for slot in day.slots:
            slot.starts_at, slot.ends_at = (
                utc_now() - timedelta(hours=3),
                utc_now() - timedelta(hours=1),
            )
        day.starts_at, day.ends_at = day.slots[0].starts_at, day.slots[0].ends_at


def test_from_the_first_draft_to_the_evidence(enter, app):  # noqa: PLR0915 - one long way
    number = announced(enter)
    client = enter("liaison")
    slot = row(OpenDay, id=number)
    assert slot.state == "published"
    detail = client.get(url_for("plugin_open_day_days.detail", number))
    assert "0 " not in detail.text or "20" in detail.text

    with open_session(Scope.platform("test")) as session:
        slot_id = session.get(OpenDay, number).slots[0].id
    form = {"slot": str(slot_id), "name": "张三", "phone": "13812345678", "people": "2"}
    client.post(url_for("plugin_open_day_entry.entered", number), form)
    names = "姓名,电话,单位\n李四,13912345678,县人大\n王五,123,县政协\n赵六,13712345678,县人大"
    page = client.post(
        url_for("plugin_open_day_entry.invited", number),
        {"slot": str(slot_id), "names": names},
        status=200,
    )
    assert len(page.select("//li[contains(@class, 'finding')]")) == 1
    assert "王五" in page.text
    assert "李四" not in client.get(url_for("plugin_open_day_people.index", number)).text
    rows = page.select("//input[@name='rows']/@value")[0]
    client.post(
        url_for("plugin_open_day_entry.invited", number),
        {"slot": str(slot_id), "rows": rows, "act": "confirm"},
        status=200,
    )

    listed = client.get(url_for("plugin_open_day_people.index", number))
    assert all(name in listed.text for name in ("张三", "李四", "赵六"))
    assert "13812345678" not in listed.text

    first, second = row(Registration, name="张三"), row(Registration, name="李四")
    door = enter("clerk")
    assert "张三" in door.get(url_for("plugin_open_day_door.index", number)).text
    door.post(url_for("plugin_open_day_door.check_in", first.code), {"act": "in", "heads": "1"})
    door.post(url_for("plugin_open_day_door.note", number), {"ticket": second.code})
    door.post(
        url_for("plugin_open_day_door.came", number),
        {"slot": str(slot_id), "name": "路人", "people": "1"},
    )
    assert row(Registration, name="张三").attended_count == 1
    for what in ("sign-in", "names", "badges"):
        assert "张三" in door.get(url_for("plugin_open_day_door.printed", number, what)).text
    door.get(url_for("plugin_open_day_days.edit", number), status=403)

    held(number)
    client = enter("liaison")
    client.post(url_for("plugin_open_day_approval.close", number))
    assert row(Registration, name="赵六").state == "no_show"

    started = client.post(
        url_for("plugin_open_day_after.start_report", number),
        {"title": "走进县水厂活动情况", "body": "活动顺利。"},
    )
    assert "/console/publications/" in started.location
    client.post(
        url_for("plugin_open_day_after.add_questions", number),
        {"questions": "水价何时调整?\n村里何时通水?", "unit": "县水务局", "due_on": "2026-12-20"},
    )
    replies = client.get(url_for("plugin_open_day_after.replies", number))
    link = replies.select("//a[contains(., '水价何时调整')]/@href")[0]
    client.post(link, {"reply": "明年听证后公布。", "is_public": "1"})
    assert "明年听证后公布" in client.get(url_for("plugin_open_day_outcome.show", number)).text

    client.get(url_for("plugin_open_day_survey.index", number))
    client.post(
        url_for("plugin_open_day_survey.change", number),
        {"least": "3", "is_open": "1", "is_public": "1"},
    )
    client.sign_out()
    survey = url_for("plugin_open_day_outcome.fill_in", number)
    given = {"q1": "satisfied", "q4": "多办几次"}
    client.post(survey, given | {"ticket": first.code}, status=303)
    client.post(survey, given | {"ticket": first.code}, status=409)
    client.post(survey, given | {"ticket": second.code}, status=303)
    client.post(survey, {"ticket": second.code}, status=422)
    outcome = url_for("plugin_open_day_outcome.show", number)
    assert "100" not in client.get(outcome).text
    third = row(Registration, name="赵六")
    client.post(survey, {"q1": "mostly", "ticket": third.code}, status=303)
    assert "100" in client.get(outcome).text

    client = enter("liaison")
    after = client.get(url_for("plugin_open_day_after.index", number))
    assert "3" in after.text
    package = client.post(url_for("plugin_open_day_files.evidence", number), status=200)
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert [part["path"][0] for part in manifest["parts"]] == list("12346789")
        assert len(manifest["missing"]) == 1
        names = next(n for n in archive.namelist() if n.startswith("3"))
        sheet = load_workbook(io.BytesIO(archive.read(names))).worksheets[0]
        values = [cell for cells in sheet.iter_rows(values_only=True) for cell in cells]
    assert "张*" in values
    assert "张三" not in values
    assert "138****5678" in values


def test_the_author_does_not_approve(enter):
    number = announced(enter)
    client = enter("officer")
    page = client.post(url_for("plugin_open_day_days.create"), NEW)
    own = int(re.search(r"open-days/(\d+)/", page.location)[1])
    assert own != number
    client.post(url_for("plugin_open_day_approval.submit", own))
    client.post(url_for("plugin_open_day_approval.decide", own), {"act": "publish"}, status=403)
    assert row(OpenDay, id=own).state == "in_review"


def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(enter):
    client = enter("liaison")
    page = client.post(
        url_for("plugin_open_day_days.create"),
        NEW | {"ends": "08:00", "capacity": "many"},
        status=422,
    )
    assert page.select("//input[@id='title']/@value") == ["走进县水厂"]
    assert page.select("//p[@id='ends-error']")
    assert page.select("//p[@id='capacity-error']")
    assert row(OpenDay) is None


@pytest.fixture
def catalog(tree):
    """The county has two items of one domain; the second is not its level's."""
    items = {ITEM: ("政策法规", ["county"]), OTHER: ("村级监督", ["village"])}
    define_items(tree.nation, "jiuzhu", "社会救助", items)


def test_a_day_is_tied_to_an_item_of_the_effective_catalog(enter, catalog):
    client = enter("liaison")
    page = client.get(url_for("plugin_open_day_days.new"))
    assert page.select("//select[@id='item_id']/optgroup/@label") == ["社会救助"]
    assert page.select("//select[@id='item_id']//option/@value") == ["", ITEM]
    page = client.post(url_for("plugin_open_day_days.create"), NEW | {"item_id": OTHER}, status=422)
    assert page.select("//p[@id='item_id-error']")
    page = client.post(url_for("plugin_open_day_days.create"), NEW | {"item_id": ITEM})
    day = row(OpenDay)
    assert day.item_id == ITEM
    edit = client.get(url_for("plugin_open_day_days.edit", day.id))
    assert edit.select("//select[@id='item_id']//option[@selected]/@value") == [ITEM]


def test_an_item_that_left_the_catalog_stays_with_its_day(enter, own, county):
    day = make_day(own, county, state="draft", published_at=None, item_id=ITEM)
    own.commit()
    client = enter("liaison")
    page = client.get(url_for("plugin_open_day_days.edit", day.id))
    assert page.select("//select[@id='item_id']//option[@selected]/@value") == [ITEM]
    client.post(
        url_for("plugin_open_day_days.save", day.id),
        NEW | {"item_id": ITEM, "version": str(day.version)},
    )
    assert row(OpenDay).item_id == ITEM


def test_the_way_of_registration_stands_on_one_line(enter):
    """A label that is translated late is a text for the page, not a list of characters."""
    number = announced(enter)
    page = enter("liaison").get(url_for("plugin_open_day_days.detail", number))
    assert "面向公众，先报先得" in page.text
    assert page.select("//dl//li") == []


@pytest.mark.parametrize(
    "case",
    [
        (True, "", "14:00"),
        (False, "09:00", "14:00"),
        (False, "", "14:00"),
        (True, "10:00", "15:00"),
    ],
)
def test_a_copy_moves_later_sessions_only_by_days_where_the_first_has_no_time(
    enter, own, county, case
):
    """A session whose announcement names no time begins with its day: midnight is no distance."""
    before, now, second = case
    day = make_day(own, county, slots=2, title="两场开放")
    on = (utc_now() + timedelta(days=4)).astimezone(zone()).replace(second=0, microsecond=0)
    first, later = day.slots
    first.starts_at = on.replace(hour=9 if before else 0, minute=0)
    first.ends_at, first.start_shown = on.replace(hour=11, minute=0), before
    later.starts_at, later.ends_at = (on.replace(hour=hour, minute=0) for hour in (14, 16))
    own.commit()
    target = (on + timedelta(days=7)).date()
    typed = NEW | {"from": str(day.id), "date": target.isoformat(), "starts": now, "ends": ""}
    enter("liaison").post(url_for("plugin_open_day_days.create"), typed)
    with open_session(Scope.own(county)) as session:
        made = session.scalars(select(OpenDay).where(OpenDay.copied_from_id == day.id)).one()
        begins = [slot.starts_at.astimezone(zone()) for slot in made.slots]
    assert begins[1].strftime("%H:%M") == second
    assert {each.date() for each in begins} == {target}
