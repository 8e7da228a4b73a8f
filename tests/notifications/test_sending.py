"""What is due is sent once, whatever the carrier does and wherever a worker dies."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.notifications import sending
from core.notifications.models import QueuedNotice
from core.notifications.outbox import queue_notice
from core.notifications.personal_data import KEPT_DAYS
from core.notifications.sending import BACKOFF, LEASE, send_notices
from core.notifications.status import (
    UNCERTAIN_AFTER,
    count_notices,
    list_notice_trouble,
    retry_notices,
)
from core.notifications.templates import add_notice_template
from core.permissions import OPERATOR
from core.plugins.models import SentMessage
from core.retention.person import erase_person
from core.retention.service import run_retention
from core.testing.factories.plugins import set_policy

both = pytest.mark.both_databases
FACTS = {"title": "走进政务大厅", "code": "A-1"}
PHONE = "13812345678"


class WorkerDied(BaseException):
    """Ends a worker where a test wants it to."""


def die(*_arguments):
    raise WorkerDied


class Outbox:
    """The notices of the county, and the clock that they wait by."""

    def __init__(self, session, county, topic, set_clock):
        self.session, self.county, self.topic = session, county, topic
        self._set_clock, self._now = set_clock, utc_now()

    def queue(self, *phones):
        for phone in phones:
            queue_notice(self.session, self.county, self.topic, phone, FACTS)
        self.session.commit()

    def send_after(self, pause):
        """Send what is due after a pause."""
        self._now += pause
        self._set_clock(self._now)
        send_notices()

    @property
    def notices(self):
        self.session.expire_all()
        return self.session.scalars(select(QueuedNotice).order_by(QueuedNotice.id)).all()

    @property
    def counts(self):
        """How many there are in each state."""
        return {state: n for state, n in count_notices(self.session, self.county).items() if n}

    def retry(self, **options):
        number = retry_notices(self.session, self.county, **options)
        self.session.commit()
        send_notices()
        return number


@pytest.fixture
def outbox(own, county, topic, set_clock):
    made = Outbox(own, county, topic, set_clock)
    set_clock(made._now)
    return made


@both
def test_a_notice_goes_to_the_carrier_once_and_leaves_no_personal_data(outbox, own, topic, carrier):
    outbox.queue(PHONE)
    send_notices()
    send_notices()
    (message,) = carrier.GIVEN
    assert (message.to, message.text) == (PHONE, "您已报名走进政务大厅，票号A-1")
    assert (message.about, message.facts) == (topic, FACTS)
    (notice,) = outbox.notices
    assert (notice.state, notice.carrier) == ("sent", "sms")
    assert (notice.recipient, notice.facts) == ("138****5678", {})
    (kept,) = own.scalars(select(SentMessage))
    assert (kept.carrier, kept.text) == ("sms", "")
    assert outbox.counts == {"sent": 1}


@both
def test_what_no_plugin_is_there_to_carry_is_kept_and_logged_without_its_text(outbox, own, capsys):
    outbox.queue(PHONE)
    send_notices()
    (notice,) = outbox.notices
    assert (notice.state, notice.recipient) == ("printed", "138****5678")
    (kept,) = own.scalars(select(SentMessage))
    assert (kept.carrier, kept.recipient) == ("console", "138****5678")
    assert kept.text == "您已报名走进政务大厅，票号A-1"
    printed = capsys.readouterr().err
    assert "message that nobody carries" in printed
    assert kept.text not in printed
    assert PHONE not in printed


@both
@pytest.mark.parametrize("answer", [False, "no connection"])
def test_what_a_carrier_does_not_take_is_tried_again_with_the_same_key(outbox, carrier, answer):
    carrier.ANSWERS[:] = [answer]
    outbox.queue(PHONE)
    outbox.send_after(timedelta())
    outbox.send_after(timedelta(seconds=1))
    assert (len(carrier.GIVEN), outbox.counts) == (1, {"queued": 1})
    outbox.send_after(BACKOFF.longest)
    first, second = carrier.GIVEN
    assert first.key == second.key != ""
    assert outbox.counts == {"sent": 1}


@both
def test_what_fails_again_and_again_is_shown_and_may_be_sent_again(
    outbox, own, county, topic, carrier
):
    carrier.ANSWERS[:] = [False] * BACKOFF.max_attempts
    outbox.queue(PHONE)
    for _ in range(BACKOFF.max_attempts + 2):
        outbox.send_after(BACKOFF.longest)
    assert len(carrier.GIVEN) == BACKOFF.max_attempts
    (trouble,) = list_notice_trouble(own)
    assert (trouble.topic, trouble.failed, trouble.uncertain) == (topic, 1, 0)
    (printed,) = own.scalars(select(SentMessage))  # so that somebody can pass it on
    assert printed.text != ""
    assert outbox.retry(topic=outbox.topic) == 1
    assert carrier.GIVEN[-1].to == PHONE
    assert outbox.counts == {"sent": 1}
    assert list_notice_trouble(own, county) == []


@both
def test_a_worker_that_dies_between_claim_and_carrier_loses_and_repeats_nothing(
    outbox, carrier, monkeypatch
):
    phones = [f"1380000000{number}" for number in range(4)]
    outbox.queue(*phones)
    send = sending._send
    handled = []

    def send_one_then_die(claimed):
        if handled:
            raise WorkerDied
        handled.append(claimed)
        send(claimed)

    monkeypatch.setattr(sending, "_send", send_one_then_die)
    with pytest.raises(WorkerDied):
        outbox.send_after(timedelta())
    monkeypatch.setattr(sending, "_send", send)
    outbox.send_after(timedelta(seconds=1))
    assert [message.to for message in carrier.GIVEN] == phones[:1]  # the claim still holds
    outbox.send_after(LEASE)
    assert [message.to for message in carrier.GIVEN] == phones
    outbox.send_after(LEASE)
    assert (len(carrier.GIVEN), outbox.counts) == (4, {"sent": 4})


@both
def test_a_worker_that_dies_after_the_carrier_sends_nothing_twice(
    outbox, own, carrier, monkeypatch
):
    outbox.queue(PHONE)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "record_message", die)
        with pytest.raises(WorkerDied):
            outbox.send_after(timedelta())
    for _ in range(3):
        send_notices()
    assert len(carrier.GIVEN) == 1
    notice = outbox.notices[0]
    notice.handed_at = utc_now() - UNCERTAIN_AFTER - timedelta(seconds=1)
    notice.claimed_until = utc_now() - timedelta(seconds=1)
    own.commit()
    send_notices()
    assert len(carrier.GIVEN) == 1  # nobody knows whether the person was told
    assert outbox.counts == {"uncertain": 1}
    assert outbox.retry() == 0
    assert outbox.retry(uncertain=True) == 1
    assert [message.key for message in carrier.GIVEN] == [carrier.GIVEN[0].key] * 2


@both
def test_two_workers_send_each_notice_once(outbox, carrier, monkeypatch):
    """A second worker runs whenever the first is about to hand a notice over."""
    outbox.queue(*(f"1380000000{number}" for number in range(5)))
    hand_over = sending._hand_over
    nested = []

    def with_another_worker(claimed):
        if not nested:
            nested.append(True)
            send_notices()
            nested.pop()
        return hand_over(claimed)

    monkeypatch.setattr(sending, "_hand_over", with_another_worker)
    monkeypatch.setattr(sending, "BATCH", 2)
    send_notices()
    told = [message.to for message in carrier.GIVEN]
    assert sorted(told) == [f"1380000000{number}" for number in range(5)]


@both
def test_a_claim_that_another_worker_took_over_is_worth_nothing(outbox, own, county, carrier):
    outbox.queue(PHONE)
    batch = sending._claim_batch(county)
    outbox.notices[0].claimed_until = utc_now() - timedelta(seconds=1)
    own.commit()
    send_notices()
    sending._send(batch[0])
    assert len(carrier.GIVEN) == 1


def test_a_text_that_cannot_be_made_any_more_stops_no_other(outbox, own, carrier):
    outbox.queue(PHONE)
    outbox.notices[0].facts = {}
    own.commit()
    outbox.queue("13900000000")
    send_notices()
    assert [message.to for message in carrier.GIVEN] == ["13900000000"]
    assert outbox.counts == {"failed": 1, "sent": 1}


def test_notices_of_a_plugin_wait_while_it_is_off(own, county, carrier):
    add_notice_template("open_day.reminder", "提醒")
    queue_notice(own, county, "open_day.reminder", PHONE, {})
    own.commit()
    send_notices()
    assert carrier.GIVEN == []
    set_policy("open_day", county)
    send_notices()
    assert len(carrier.GIVEN) == 1


def test_other_places_have_nothing_of_it(outbox, own, county):
    outbox.queue(PHONE)
    with open_session(None) as session:
        other = session.get(type(county), county.parent_id)
    with open_session(Scope.own(other)) as session:
        assert session.scalars(select(QueuedNotice)).all() == []


def test_a_place_that_fails_stops_no_other(outbox, topic, county, monkeypatch, capsys):
    outbox.queue(PHONE)
    with open_session(None) as session:
        other = session.scalar(select(Tenant).where(Tenant.division_code == "990112"))
    with open_session(Scope.own(other)) as session:
        queue_notice(session, other, topic, "13900000000", FACTS)
    hand_over = sending._hand_over

    def fail_here(claimed):
        if claimed.tenant.id == county.id:
            raise RuntimeError(PHONE)
        return hand_over(claimed)

    monkeypatch.setattr(sending, "_hand_over", fail_here)
    send_notices()
    with open_session(Scope.own(other)) as session:
        assert session.scalars(select(QueuedNotice.state)).all() == ["printed"]
    assert outbox.counts == {"queued": 1}
    assert PHONE not in capsys.readouterr().err


def test_notices_and_records_of_messages_go_after_a_while(outbox, own, set_clock):
    outbox.queue(PHONE)
    send_notices()
    run_retention()
    kept = select(func.count(SentMessage.id))
    assert (len(outbox.notices), own.scalar(kept)) == (1, 1)
    set_clock(utc_now() + timedelta(days=KEPT_DAYS + 1))
    run_retention()
    assert (outbox.notices, own.scalar(kept)) == ([], 0)


def test_a_person_who_asks_is_no_longer_in_the_outbox(outbox, own, county):
    outbox.queue(PHONE, "13900000000")
    (found,) = erase_person(own, county, OPERATOR, PHONE, reason="本人申请")
    own.commit()
    assert (found.table, len(found.rows)) == ("queued_notice", 1)
    assert [notice.recipient for notice in outbox.notices] == ["13900000000"]


def test_the_operator_is_told_and_has_it_sent_again(outbox, own, topic, gongkai):
    outbox.queue(PHONE)
    outbox.notices[0].state = "failed"
    own.commit()
    doctor = gongkai("doctor", "--json")
    (check,) = [each for each in doctor.json["checks"] if each["name"].startswith("notices")]
    assert check["name"] == f"notices {topic} at 990111"
    assert check["ok"]  # a warning: the platform itself works
    assert PHONE not in str(check)
    (listed,) = gongkai("notice", "list", "--json").json["notices"]
    assert (listed["topic"], listed["failed"]) == (topic, 1)
    assert gongkai("notice", "retry", "--tenant", "990111", "--json").json == {"queued": 1}
    assert outbox.counts == {"queued": 1}


@both
@pytest.mark.parametrize("state", ["claimed", "queued"])
def test_a_clock_that_was_once_wrong_keeps_no_notice_back(outbox, own, carrier, state):
    outbox.queue(PHONE)
    (notice,) = outbox.notices
    far = utc_now() + timedelta(days=3650)
    notice.state, notice.attempts, notice.claim = state, 1, "dead"
    notice.next_try_at = notice.claimed_until = far
    own.commit()
    send_notices()
    assert len(carrier.GIVEN) == 1
    assert outbox.counts == {"sent": 1}


@both
def test_a_notice_for_later_waits_until_then(outbox, own, county, topic, carrier):
    later = utc_now() + timedelta(days=300)
    queue_notice(own, county, topic, PHONE, FACTS, send_after=later)
    own.commit()
    send_notices()
    assert carrier.GIVEN == []
