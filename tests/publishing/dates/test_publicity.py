"""The publicity period is counted when a text is published, in the days of the law (N27, N32)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.audit.models import AuditEntry
from core.clock import first_moment, local_day, today
from core.db.engine import db
from core.errors import Invalid
from core.publishing.content import Content
from core.publishing.dates.publicity import FIRST_DAY, LAST_DAY, fill_days, find_last_day
from core.publishing.rules import WORKING_DAYS
from core.publishing.workflow.drafts import (
    get_working_content,
    open_correction,
    save_content,
    submit,
)
from core.publishing.workflow.releases import list_corrections
from core.publishing.workflow.review import add_review, pass_review

pytestmark = pytest.mark.both_databases
BODY = f"公示期自{FIRST_DAY}至{LAST_DAY}。如有异议,请书面反映。"


@pytest.mark.parametrize(
    ("published_on", "days", "last"),
    [
        (date(2026, 3, 2), 7, date(2026, 3, 11)),  # a Monday
        (date(2026, 3, 7), 5, date(2026, 3, 13)),  # a Saturday
        (date(2026, 9, 18), 20, date(2026, 10, 22)),  # a day worked for 国庆, and the holiday
        (date(2026, 1, 30), 20, date(2026, 3, 5)),  # 春节
    ],
)
def test_working_days_are_those_of_the_state_council(village, published_on, days, last):
    content = Content(publicity_days=days, publicity_day_kind=WORKING_DAYS)
    assert find_last_day(content, published_on) == last


def test_the_text_names_the_days_once_they_are_known(village):
    content = Content(body_source=BODY, publicity_days=7, publicity_day_kind=WORKING_DAYS)
    assert fill_days(content).body_source == BODY
    known = replace(content, published_at=first_moment(date(2026, 3, 2)))
    assert fill_days(known).body_source.startswith("公示期自2026年3月2日至2026年3月11日。")


@pytest.fixture
def listed(make):
    """A list whose period of seven working days is typed today."""

    def write(session, **more):
        values = {"publicity_days": 7, "publicity_day_kind": WORKING_DAYS, "body_source": BODY}
        return make(session, **(values | more))

    return write


def publish(session, publication, people, checked):
    submit(session, people.clerk, publication)
    pass_review(session, people.officer, publication, checked)


def correct(session, publication, people, note, **values):
    """Open a correction if none is open, and save it."""
    if publication.correction is None:
        open_correction(session, people.clerk, publication)
    content = replace(get_working_content(session, publication), **values)
    save_content(session, people.clerk, publication, content, note=note)


def test_it_begins_when_it_is_published_and_not_when_it_is_typed(
    village, listed, people, checked, set_clock
):
    publication = listed(village)
    village.commit()
    typed_on = today()
    set_clock(typed_on + timedelta(days=9))
    publish(village, publication, people, checked)
    content = get_working_content(village, publication)
    assert local_day(publication.published_at) == typed_on + timedelta(days=9)
    assert publication.publicity_until == find_last_day(content, today())
    last = publication.publicity_until
    assert f"{last.year}年{last.month}月{last.day}日" in publication.body_html
    assert FIRST_DAY not in publication.body_html


def test_a_text_that_names_days_has_a_period(village, listed, people):
    with pytest.raises(Invalid) as told:
        submit(village, people.clerk, listed(village, publicity_days=None))
    assert set(told.value.fields) == {"publicity_days"}


def test_a_correction_does_not_begin_the_period_again(village, listed, people, checked, set_clock):
    publication = listed(village)
    publish(village, publication, people, checked)
    until, body = publication.publicity_until, publication.body_source
    village.commit()
    set_clock(today() + timedelta(days=1))
    correct(village, publication, people, "更正标题", title="更正后的标题")
    publish(village, publication, people, checked)
    assert (publication.publicity_until, publication.body_source) == (until, body)


@pytest.mark.parametrize(
    "earlier",
    [
        {"formed_on": date(2020, 1, 1)},
        {"publicity_days": 3},
    ],
)
def test_a_day_is_set_back_with_an_audited_note_alone(village, listed, people, checked, earlier):
    publication = listed(village)
    publish(village, publication, people, checked)
    open_correction(village, people.clerk, publication)
    with pytest.raises(Invalid) as told:
        correct(village, publication, people, " ", **earlier)
    assert set(told.value.fields) == {"note"}
    correct(village, publication, people, "原件日期录入有误", **earlier)
    publish(village, publication, people, checked)
    [entry] = village.query(AuditEntry).filter_by(action="publication.set_back")
    assert entry.detail["before"] > entry.detail["after"]
    [shown] = list_corrections(village, publication)
    assert shown.note == "原件日期录入有误"
    assert shown.changes


@pytest.mark.parametrize("column", ["formed_on", "publicity_until"])
def test_the_database_sets_no_day_back_without_a_note(village, listed, people, checked, column):
    publication = listed(village)
    publish(village, publication, people, checked)
    correct(village, publication, people, "", title="更正后的标题")
    submit(village, people.clerk, publication)
    add_review(village, people.officer, publication, outcome="pass", checks={}, comment="")
    village.commit()
    statement = (
        f"UPDATE publication SET {column} = '2020-01-01', published_revision = revision,"
        " correction = NULL WHERE id = :id"
    )
    with (
        pytest.raises(IntegrityError, match="set back without a note"),
        db.engine.begin() as connection,
    ):
        connection.execute(text(statement), {"id": publication.id})
