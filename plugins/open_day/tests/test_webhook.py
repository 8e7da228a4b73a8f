"""Another system is told of changes: signed, in order, never who it is."""

import pytest
from sqlalchemy import func, select

from core.testing.factories.plugins import choose_settings
from core.testing.kit import WebhookDelivery, WebhookEndpoint, deliver_webhooks
from core.testing.webhooks import deliver_now, receiving
from plugins.open_day import jobs
from plugins.open_day.manifest import NAME, OpenDaySettings
from plugins.open_day.registrations.service import cancel, register
from plugins.open_day.registrations.validation import RegistrationRequest

both = pytest.mark.both_databases
KEY = "a key of sixteen or more"


@pytest.fixture
def listening(app, county):
    app.extensions["gongkai"].webhook_internal_hosts = "127.0.0.1"
    with receiving() as receiver:
        choose_settings(NAME, county, webhook_url=receiver.url, webhook_key=KEY)
        yield receiver


def sign_up(session, day, number=1):
    request = RegistrationRequest(
        name="王小明", phone=f"138{number:08d}", consent=True, needs="轮椅"
    )
    made = register(session, day, day.slots[0], request)
    session.commit()
    return made


def deliver():
    """Deliver what is queued, as if all pauses were over."""
    deliver_now()
    deliver_webhooks()


def pending(session):
    session.expire_all()
    waiting = select(func.count(WebhookDelivery.id)).where(WebhookDelivery.state == "pending")
    return session.scalar(waiting)


@both
def test_changes_are_told_signed_in_order_and_without_the_person(own, day, listening):
    made = sign_up(own, day)
    cancel(own, made)
    own.commit()
    deliver()
    assert [(each["change"], each["state"]) for each in listening.told] == [
        ("register", "confirmed"),
        ("cancel", "cancelled"),
    ]
    assert {each["registration"] for each in listening.told} == {made.id}
    assert {each["event"] for each in listening.told} == {"registration.changed"}
    for headers, body in listening.taken:
        assert headers["X-Gongkai-Signature"].startswith("sha256=")
        for secret in ("王小明", "13800000001", "轮椅", made.code, KEY):
            assert secret not in body.decode()
    assert pending(own) == 0


@both
@pytest.mark.parametrize("refusal", [500, 302, 410])
def test_what_is_not_taken_waits_and_holds_up_what_comes_after(own, day, listening, refusal):
    listening.answers = [refusal]
    sign_up(own, day, 1)
    sign_up(own, day, 2)
    deliver()
    assert (listening.told, pending(own)) == ([], 2)
    deliver()
    numbers = [each["registration"] for each in listening.told]
    assert numbers == sorted(numbers)
    assert (len(numbers), pending(own)) == (2, 0)


def test_what_is_rolled_back_is_told_to_nobody(own, day, listening):
    request = RegistrationRequest(name="王小明", phone="13800000001", consent=True)
    register(own, day, day.slots[0], request)
    own.rollback()
    deliver()
    assert listening.told == []


def test_nothing_is_kept_where_nobody_wants_to_be_told_any_more(own, county, day, listening):
    sign_up(own, day)
    choose_settings(NAME, county, webhook_url="", webhook_key="")
    jobs.run_periodic_tasks()
    assert pending(own) == 0
    assert own.scalar(select(func.count(WebhookEndpoint.id))) == 0


def test_a_receiver_that_is_gone_stops_no_registration(own, county, day):
    choose_settings(NAME, county, webhook_url="http://127.0.0.1:1/", webhook_key=KEY)
    made = sign_up(own, day)
    deliver()
    assert (made.state, pending(own)) == ("confirmed", 1)


def test_an_address_needs_a_key():
    faults = OpenDaySettings().validate({"webhook_url": "https://oa.example/h", "webhook_key": "x"})
    assert set(faults) == {"webhook_key"}
    assert set(OpenDaySettings().validate({"webhook_url": "ftp://x", "webhook_key": KEY})) == {
        "webhook_url"
    }
    assert OpenDaySettings().validate({"webhook_url": "", "webhook_key": ""}) == {}
