"""Notices are queued with the change that causes them, once, and can be withdrawn."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.notifications.models import QueuedNotice
from core.notifications.outbox import cancel_notices, erase_notices, queue_notice
from core.notifications.sending import send_notices
from core.notifications.templates import add_notice_template

pytestmark = pytest.mark.both_databases
FACTS = {"title": "走进政务大厅", "code": "A-1"}
PHONE = "13812345678"


def waiting(session):
    session.expire_all()
    return session.scalar(select(func.count(QueuedNotice.id)))


def test_nothing_is_sent_of_a_change_that_was_rolled_back(own, county, topic, carrier):
    assert queue_notice(own, county, topic, PHONE, FACTS)
    own.rollback()
    send_notices()
    assert carrier.GIVEN == []


def test_a_notice_with_the_key_of_another_is_not_queued(own, county, topic):
    first, again, other = (
        queue_notice(own, county, topic, PHONE, FACTS, dedupe_key=key) for key in "aab"
    )
    own.commit()
    assert (first, again, other) == (True, False, True)
    assert not queue_notice(own, county, topic, PHONE, FACTS, dedupe_key="a")
    assert waiting(own) == 2


def test_two_transactions_at_once_queue_one_notice(own, county, topic, monkeypatch):
    """The second does not see the first's row until it inserts its own."""
    monkeypatch.setattr("core.notifications.outbox._is_queued", lambda *_: False)
    assert queue_notice(own, county, topic, PHONE, FACTS, dedupe_key="a")
    own.commit()
    with open_session(Scope.own(county)) as session:
        assert not queue_notice(session, county, topic, PHONE, FACTS, dedupe_key="a")
        assert queue_notice(session, county, topic, PHONE, FACTS, dedupe_key="b")
    assert waiting(own) == 2


def test_nobody_is_told_without_a_recipient(own, county, topic):
    assert not queue_notice(own, county, topic, "", FACTS)


def test_a_text_that_cannot_be_made_is_found_when_it_is_queued(own, county, topic):
    with pytest.raises(ValueError, match="code"):
        queue_notice(own, county, topic, PHONE, {"title": "走进政务大厅"})
    with pytest.raises(ValueError, match=r"fair\.none"):
        queue_notice(own, county, "fair.none", PHONE, FACTS)


def test_a_notice_waits_for_its_time(own, county, topic, carrier, set_clock):
    queue_notice(own, county, topic, PHONE, FACTS, send_after=utc_now() + timedelta(days=2))
    own.commit()
    send_notices()
    assert carrier.GIVEN == []
    set_clock(utc_now() + timedelta(days=2, minutes=1))
    send_notices()
    assert len(carrier.GIVEN) == 1


def test_what_is_withdrawn_is_not_sent(own, county, topic, carrier):
    add_notice_template("fair.reminder", "提醒")
    for subject in ("visit:1", "visit:2"):
        queue_notice(own, county, topic, PHONE, FACTS, subject=subject)
        queue_notice(own, county, "fair.reminder", PHONE, {}, subject=subject)
    assert cancel_notices(own, county, "visit:1", topic="fair.reminder") == 1
    assert cancel_notices(own, county, "visit:2") == 2
    own.commit()
    send_notices()
    assert [message.about for message in carrier.GIVEN] == [topic]
    assert cancel_notices(own, county, "visit:1") == 0  # it was sent


def test_erasing_a_feature_leaves_others(own, county, topic):
    add_notice_template("fairground.open", "开放")
    queue_notice(own, county, topic, PHONE, FACTS, subject="visit:1")
    queue_notice(own, county, topic, PHONE, FACTS, subject="visit:2")
    queue_notice(own, county, "fairground.open", PHONE, {})
    assert erase_notices(own, county, "fair", "visit:1") == 1
    assert erase_notices(own, county, "fair") == 1
    assert waiting(own) == 1
