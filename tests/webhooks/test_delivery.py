"""Changes are told signed, in order, again until taken or given up, and by one worker at a time."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.testing.factories.plugins import set_policy
from core.testing.webhooks import SECRET, TOPIC, deliver_now
from core.webhooks import delivery
from core.webhooks.client import DeliveryError
from core.webhooks.delivery import (
    BACKOFF,
    KEPT,
    LEASE,
    LONGEST_ROUND,
    LONGEST_WAIT,
    deliver_webhooks,
    forget_deliveries,
)
from core.webhooks.domain.signing import REPLAY_WINDOW, is_authentic
from core.webhooks.endpoints import WebhookTarget, set_webhook_endpoints
from core.webhooks.models import WebhookDelivery, WebhookEndpoint
from core.webhooks.outbox import queue_webhook
from core.webhooks.status import list_failing, list_webhook_status, retry_webhooks

both = pytest.mark.both_databases


def tell(session, tenant, *numbers, topic=TOPIC):
    for number in numbers:
        queue_webhook(session, tenant, topic, "visit.changed", {"visit": number})
    session.commit()


def states(session):
    session.expire_all()
    return list(session.scalars(select(WebhookDelivery.state).order_by(WebhookDelivery.id)))


def status(session, county):
    session.expire_all()
    (found,) = list_webhook_status(session, county, TOPIC)
    return found


@both
def test_changes_are_told_signed_and_in_order(own, county, receiver):
    tell(own, county, 1, 2, 3)
    deliver_now()
    assert [each["visit"] for each in receiver.told] == [1, 2, 3]
    assert {each["place"] for each in receiver.told} == {"990111"}
    for headers, body in receiver.taken:
        now = utc_now()
        assert is_authentic(SECRET, headers, body, now)
        assert not is_authentic("another key of sixteen", headers, body, now)
        assert not is_authentic(SECRET, headers, body + b" ", now)
        late = timedelta(seconds=5)
        assert not is_authentic(SECRET, headers, body, now + REPLAY_WINDOW + late)
        assert SECRET not in body.decode() + str(headers)
    deliver_now()
    assert len(receiver.told) == 3
    assert states(own) == ["delivered"] * 3


@both
def test_nothing_is_told_of_a_change_that_was_rolled_back(own, county, receiver):
    queue_webhook(own, county, TOPIC, "visit.changed", {"visit": 1})
    own.rollback()
    deliver_now()
    assert (receiver.told, states(own)) == ([], [])


@both
@pytest.mark.parametrize("refusal", [500, 302, 410])
def test_what_is_not_taken_holds_up_what_comes_after(own, county, receiver, refusal):
    receiver.answers = [refusal]
    tell(own, county, 1, 2)
    deliver_now()
    assert (receiver.told, receiver.paths) == ([], ["/hook?of=county"])
    deliver_webhooks()  # too soon
    assert len(receiver.paths) == 1
    assert status(own, county).last_error == f"HTTP {refusal}"
    deliver_now()
    assert [each["visit"] for each in receiver.told] == [1, 2]
    assert status(own, county).failing_since is None


def test_an_attempt_again_has_the_same_key_and_a_time_of_its_own(own, county):
    tell(own, county, 1)
    sent = []

    def refuse(_url, body, headers, _allowed):
        sent.append((headers["X-Gongkai-Delivery"], body))
        raise DeliveryError("no")

    for _ in range(2):
        own.execute(update(WebhookDelivery).values(created_at=utc_now() - timedelta(minutes=1)))
        own.execute(update(WebhookEndpoint).values(next_try_at=utc_now()))
        own.commit()
        deliver_webhooks(refuse)
    assert sent[0] == sent[1]
    assert sent[0][0] in sent[0][1].decode()


def test_what_has_just_happened_waits_for_transactions_that_began_before(own, county, receiver):
    tell(own, county, 1)
    deliver_webhooks()
    assert receiver.told == []


@both
def test_a_receiver_that_is_gone_is_given_up_and_may_be_tried_again(own, county, receiver):
    receiver.answers = [503] * BACKOFF.max_attempts
    tell(own, county, 1)
    for _ in range(BACKOFF.max_attempts - 1):
        deliver_now()
    assert states(own) == ["pending"]
    tell(own, county, 2, 3)
    waited = utc_now() - LONGEST_WAIT - timedelta(hours=1)
    second = select(func.min(WebhookDelivery.id) + 1).scalar_subquery()
    own.execute(
        update(WebhookDelivery).where(WebhookDelivery.id == second).values(created_at=waited)
    )
    own.commit()
    deliver_now()
    assert states(own) == ["given_up", "given_up", "pending"]
    (failing,) = list_failing(own)
    assert (failing.given_up, failing.pending, failing.host) == (2, 1, "127.0.0.1")
    assert retry_webhooks(own, county, TOPIC) == 2
    own.commit()
    deliver_now()
    assert [each["visit"] for each in receiver.told] == [1, 2, 3]
    own.expire_all()
    assert list_failing(own) == []


@both
def test_a_worker_that_died_holds_nothing_up_for_longer_than_its_lease(
    own, county, receiver, monkeypatch
):
    tell(own, county, 1)

    def die(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(delivery, "_release", lambda _due: None)
    monkeypatch.setattr(delivery, "build_headers", die)
    with pytest.raises(KeyboardInterrupt):
        deliver_now()
    monkeypatch.undo()
    deliver_now()
    assert receiver.told == []  # the lease still runs
    own.execute(update(WebhookEndpoint).values(claimed_until=utc_now() - timedelta(seconds=1)))
    own.commit()
    deliver_now()
    assert len(receiver.told) == 1


@both
def test_two_workers_do_not_tell_the_same(own, county):
    """The second comes while the first waits for the receiver."""
    tell(own, county, 1, 2)
    sent = []

    def send(_url, body, _headers, _allowed):
        sent.append(body)
        if len(sent) == 1:
            deliver_webhooks(lambda *_arguments: sent.append(b"second worker"))

    own.execute(update(WebhookDelivery).values(created_at=utc_now() - timedelta(minutes=1)))
    own.commit()
    deliver_webhooks(send)
    assert len(sent) == 2
    assert b"second worker" not in sent
    assert timedelta(seconds=LONGEST_ROUND) < LEASE


def test_a_slow_receiver_does_not_hold_up_other_places(own, county, receiver, monkeypatch):
    clock = count(step=LONGEST_ROUND / 3)  # read when the round begins and before each delivery
    monkeypatch.setattr(delivery, "monotonic", lambda: next(clock))
    tell(own, county, 1, 2, 3, 4)
    deliver_now()
    assert states(own) == ["delivered", "delivered", "pending", "pending"]
    deliver_now()
    assert len(receiver.told) == 4


def test_an_endpoint_that_fails_in_an_unknown_way_stops_no_other(own, county, receiver, capsys):
    second = WebhookTarget(f"{receiver.url}&second", SECRET)
    set_webhook_endpoints(own, county, TOPIC, [WebhookTarget(receiver.url, SECRET), second])
    tell(own, county, 1)
    sent = []

    def send(url, _body, _headers, _allowed):
        sent.append(url)
        if len(sent) == 1:
            raise RuntimeError("secret words")

    own.execute(update(WebhookDelivery).values(created_at=utc_now() - timedelta(minutes=1)))
    own.commit()
    deliver_webhooks(send)
    assert len(sent) == 2
    assert sorted(states(own)) == ["delivered", "pending"]
    assert "secret words" not in capsys.readouterr().err


@both
def test_endpoints_that_are_no_longer_named_go_with_what_waits(own, county, receiver):
    tell(own, county, 1)
    other = WebhookTarget(receiver.url.replace("county", "other"), SECRET)
    set_webhook_endpoints(own, county, TOPIC, [other])
    own.commit()
    assert states(own) == []
    assert [each.url for each in own.scalars(select(WebhookEndpoint))] == [other.url]
    set_webhook_endpoints(own, county, TOPIC, [])
    own.commit()
    assert own.scalar(select(func.count(WebhookEndpoint.id))) == 0
    assert queue_webhook(own, county, TOPIC, "visit.changed", {}) == 0


@both
def test_other_places_are_told_nothing(own, county, tree, receiver):
    tell(own, county, 1)
    with open_session(Scope.own(tree.other_county)) as session:
        assert session.scalars(select(WebhookEndpoint)).all() == []
        assert queue_webhook(session, tree.other_county, TOPIC, "visit.changed", {}) == 0


def test_nothing_is_told_while_the_plugin_of_the_topic_is_off(own, county, receiver):
    set_webhook_endpoints(own, county, "open_day.visit", [WebhookTarget(receiver.url, SECRET)])
    tell(own, county, 1, topic="open_day.visit")
    deliver_now()
    assert receiver.told == []
    set_policy("open_day", county)
    deliver_now()
    assert len(receiver.told) == 1


def test_facts_cannot_pretend_to_be_another_delivery(own, county):
    with pytest.raises(ValueError, match="delivery"):
        queue_webhook(own, county, TOPIC, "visit.changed", {"delivery": "x"})


def test_deliveries_are_kept_for_a_while(own, county, receiver):
    tell(own, county, 1, 2)
    deliver_now()
    old = utc_now() - KEPT - timedelta(days=1)
    own.execute(
        update(WebhookDelivery).where(WebhookDelivery.body.contains(": 1}")).values(created_at=old)
    )
    own.commit()
    forget_deliveries()
    assert states(own) == ["delivered"]


def test_the_log_names_neither_the_address_nor_the_facts(own, county, receiver, capsys):
    receiver.answers = [500]
    queue_webhook(own, county, TOPIC, "visit.changed", {"who": "王小明"})
    own.commit()
    deliver_now()
    logged = capsys.readouterr().err
    assert "HTTP 500" in logged
    for secret in ("王小明", receiver.url, SECRET):
        assert secret not in logged


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_pauses_grow_and_end(one, other):
    first, second = sorted((one, other))
    assert BACKOFF.first <= BACKOFF.pause_after(first) <= BACKOFF.pause_after(second)
    assert BACKOFF.pause_after(second) <= BACKOFF.longest
    assert BACKOFF.pause_after(1) == timedelta(minutes=5)


@both
def test_a_clock_that_was_once_wrong_holds_no_delivery_up(own, county, receiver):
    tell(own, county, 1)
    far = utc_now() + timedelta(days=3650)
    own.execute(update(WebhookEndpoint).values(next_try_at=far, claimed_until=far, claim="dead"))
    own.execute(update(WebhookDelivery).values(created_at=far))
    own.commit()
    deliver_webhooks()
    assert [each["visit"] for each in receiver.told] == [1]
