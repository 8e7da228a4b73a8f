"""Another system is told of changes: signed, in order, again until taken, never who it is."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count

import pytest
from sqlalchemy import func, select, update

from core.sdk import utc_now
from core.testing.factories.plugins import choose_settings
from plugins.open_day import jobs
from plugins.open_day.manifest import NAME, OpenDaySettings
from plugins.open_day.models.registration import OpenDayEvent, WebhookCursor
from plugins.open_day.notifications import webhook
from plugins.open_day.notifications import webhook as webhook_sending
from plugins.open_day.notifications.webhook import (
    LONGEST_PAUSE,
    LONGEST_ROUND,
    LOOKED_BACK,
    MOST_ATTEMPTS,
    SETTLED,
    NotTaken,
    may_reach,
    pause_after,
    post,
    signature,
)
from plugins.open_day.registrations.service import cancel, register
from plugins.open_day.registrations.validation import RegistrationRequest

both = pytest.mark.both_databases
KEY = "a key of sixteen or more"


class Receiver:
    """Another system on a port of its own; `answers` are the next statuses, then 204."""

    def __init__(self):
        self.taken, self.answers = [], []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.answers.pop(0) if receiver.answers else 204
                if status == 204:
                    receiver.taken.append((dict(self.headers), body))
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_arguments):
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?of=county"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def told(self):
        return [json.loads(body) for _headers, body in self.taken]


@pytest.fixture
def receiver(monkeypatch):
    monkeypatch.setattr(webhook_sending, "may_reach", lambda _address: True)
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def listening(county, receiver):
    choose_settings(NAME, county, webhook_url=receiver.url, webhook_key=KEY)
    return receiver


def sign_up(session, day, number=1):
    requested = RegistrationRequest(
        name="王小明", phone=f"138{number:08d}", consent=True, needs="轮椅"
    )
    made = register(session, day, day.slots[0], requested)
    session.commit()
    return made


def run_periodic_tasks(session, *, after=SETTLED):
    """The round, so much later than what has happened, when whatever waits is due."""
    session.execute(update(OpenDayEvent).values(at=utc_now() - after))
    session.execute(update(WebhookCursor).values(next_try_at=utc_now()))
    session.commit()
    jobs.run_periodic_tasks()
    session.expire_all()


def untold(session):
    """Changes that are still to be told."""
    upto = session.scalar(select(WebhookCursor.upto))
    query = select(func.count(OpenDayEvent.id)).where(OpenDayEvent.registration_id.is_not(None))
    return session.scalar(query.where(OpenDayEvent.id > upto))


@both
def test_changes_are_told_signed_in_order_and_without_the_person(own, county, day, listening):
    made = sign_up(own, day)
    cancel(own, made)
    own.commit()
    run_periodic_tasks(own)
    assert [(one["change"], one["state"]) for one in listening.told] == [
        ("register", "confirmed"),
        ("cancel", "cancelled"),
    ]
    assert {one["registration"] for one in listening.told} == {made.id}
    for headers, body in listening.taken:
        stamp = headers["X-Gongkai-Timestamp"]
        assert headers["X-Gongkai-Signature"] == signature(KEY, stamp, body)
        for secret in ("王小明", "13800000001", "轮椅", made.code, KEY):
            assert secret not in body.decode()
    assert untold(own) == 0
    run_periodic_tasks(own)
    assert len(listening.told) == 2


@both
@pytest.mark.parametrize("refusal", [500, 302, 410])
def test_what_is_not_taken_waits_and_holds_up_what_comes_after(own, day, listening, refusal):
    listening.answers = [refusal]
    sign_up(own, day, 1)
    sign_up(own, day, 2)
    run_periodic_tasks(own)
    assert listening.told == []
    jobs.run_periodic_tasks()  # too soon
    assert (listening.told, untold(own)) == ([], 2)
    run_periodic_tasks(own)
    numbers = [one["registration"] for one in listening.told]
    assert numbers == sorted(numbers)
    assert (len(numbers), untold(own)) == (2, 0)


@both
def test_what_has_just_happened_is_told_in_the_next_round(own, day, listening):
    sign_up(own, day)
    jobs.run_periodic_tasks()
    assert listening.told == []
    run_periodic_tasks(own)
    assert len(listening.told) == 1


def test_a_slow_system_does_not_hold_up_other_places(own, day, listening, monkeypatch):
    clock = count(step=LONGEST_ROUND / 3)  # read when the round begins and before each change
    monkeypatch.setattr(webhook, "monotonic", lambda: next(clock))
    for number in range(4):
        sign_up(own, day, number)
    run_periodic_tasks(own)
    assert (len(listening.told), untold(own)) == (2, 2)
    run_periodic_tasks(own)
    assert untold(own) == 0


def test_who_is_new_is_not_told_what_is_long_over(own, day, listening):
    sign_up(own, day, 1)
    run_periodic_tasks(own, after=2 * LOOKED_BACK)
    sign_up(own, day, 2)
    run_periodic_tasks(own)
    assert len(listening.told) == 1


def test_nothing_is_kept_where_nobody_wants_to_be_told_any_more(own, county, day, listening):
    sign_up(own, day)
    run_periodic_tasks(own)
    choose_settings(NAME, county, webhook_url="", webhook_key="")
    run_periodic_tasks(own)
    assert own.scalar(select(func.count(WebhookCursor.id))) == 0


def test_a_receiver_that_is_gone_is_given_up_one_day(own, day, listening):
    listening.answers = [503] * MOST_ATTEMPTS
    sign_up(own, day)
    for _attempt in range(MOST_ATTEMPTS - 1):
        run_periodic_tasks(own)
        assert untold(own) == 1
    run_periodic_tasks(own)
    assert (untold(own), listening.told) == (0, [])
    assert pause_after(1) == timedelta(minutes=5)
    assert pause_after(MOST_ATTEMPTS) == LONGEST_PAUSE


def test_a_message_that_cannot_be_told_stops_no_registration(own, county, day, monkeypatch):
    choose_settings(NAME, county, webhook_url="http://127.0.0.1:1/", webhook_key=KEY)
    made = sign_up(own, day)
    run_periodic_tasks(own)
    assert made.state == "confirmed"
    assert untold(own) == 1


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("127.0.0.1", False), ("::1", False), ("::ffff:127.0.0.1", False), ("0.0.0.0", False),
        ("169.254.169.254", False), ("fe80::1%eth0", False), ("224.0.0.1", False),
        ("10.1.2.3", True), ("192.168.1.9", True), ("93.184.216.34", True),
    ],
)  # fmt: skip
def test_nothing_on_this_machine_is_reached(address, allowed):
    assert may_reach(address) is allowed


@pytest.mark.parametrize("url", ["http://127.0.0.1:80/", "http://[::1]/", "http://none.invalid:x/"])
def test_an_address_that_may_not_be_reached_is_not_asked(url):
    with pytest.raises(NotTaken):
        post(url, b"{}", {})


def test_an_address_needs_a_key():
    faults = OpenDaySettings().validate({"webhook_url": "https://oa.example/h", "webhook_key": "x"})
    assert set(faults) == {"webhook_key"}
    assert set(OpenDaySettings().validate({"webhook_url": "ftp://x", "webhook_key": KEY})) == {
        "webhook_url"
    }
    assert OpenDaySettings().validate({}) == {}
