"""Another system is told of changes: signed, in order, again until taken, never who it is."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import func, select

from core.sdk import utc_now
from core.testing.switching import set_up
from plugins.open_day import nightly, webhook_sending
from plugins.open_day.manifest import NAME
from plugins.open_day.models import Delivery
from plugins.open_day.registering import cancel, register
from plugins.open_day.settings import OpenDaySettings
from plugins.open_day.webhook import LONGEST_PAUSE, MOST_ATTEMPTS, pause_after, signature
from plugins.open_day.webhook_sending import NotTaken, may_reach, post
from plugins.open_day.wishes import Wish

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
    set_up(NAME, county, webhook_url=receiver.url, webhook_key=KEY)
    return receiver


def sign_up(session, day, number=1):
    wish = Wish(name="王小明", phone=f"138{number:08d}", consent=True, needs="轮椅")
    made = register(session, day, day.slots[0], wish)
    session.commit()
    return made


def let_it_be_due(session):
    for delivery in session.scalars(select(Delivery)):
        delivery.next_try_at = utc_now() - timedelta(seconds=1)
    session.commit()


def waiting(session):
    session.expire_all()
    return session.scalar(select(func.count(Delivery.id)))


@both
def test_changes_are_told_signed_in_order_and_without_the_person(own, county, day, listening):
    made = sign_up(own, day)
    cancel(own, made)
    own.commit()
    nightly.go_round()
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
    assert waiting(own) == 0
    nightly.go_round()
    assert len(listening.told) == 2


@both
@pytest.mark.parametrize("refusal", [500, 302, 410])
def test_what_is_not_taken_waits_and_holds_up_what_comes_after(own, day, listening, refusal):
    listening.answers = [refusal]
    sign_up(own, day, 1)
    sign_up(own, day, 2)
    nightly.go_round()
    assert listening.told == []
    nightly.go_round()
    assert waiting(own) == 2
    let_it_be_due(own)
    nightly.go_round()
    numbers = [one["registration"] for one in listening.told]
    assert numbers == sorted(numbers)
    assert (len(numbers), waiting(own)) == (2, 0)


def test_a_receiver_that_is_gone_is_given_up_one_day(own, day, listening):
    listening.answers = [503] * MOST_ATTEMPTS
    sign_up(own, day)
    for _attempt in range(MOST_ATTEMPTS):
        let_it_be_due(own)
        nightly.go_round()
    assert (waiting(own), listening.told) == (0, [])
    assert pause_after(1) == timedelta(minutes=5)
    assert pause_after(MOST_ATTEMPTS) == LONGEST_PAUSE


def test_a_message_that_cannot_be_told_stops_no_registration(own, county, day, monkeypatch):
    set_up(NAME, county, webhook_url="http://127.0.0.1:1/", webhook_key=KEY)
    made = sign_up(own, day)
    nightly.go_round()
    own.expire_all()
    assert made.state == "confirmed"
    assert waiting(own) == 1


def test_nothing_is_noted_where_nobody_wants_it(own, day):
    sign_up(own, day)
    assert waiting(own) == 0


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
    assert OpenDaySettings().validate({}) == {}
