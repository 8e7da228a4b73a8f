"""Two phones at the door were without network, and hand over the same people at the same moment."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from sqlalchemy import select

from core.sdk import utc_now
from core.testing.factories.people import PASSWORD, create_person
from core.testing.serving import serving
from plugins.open_day.models.followup import CheckInEvent
from plugins.open_day.models.registration import OpenDayEvent, Registration
from plugins.open_day.registrations.service import register
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.tests.factories import make_day

PEOPLE = 12


class Phone:
    """A phone on which the door's list is open, with what it noted without network."""

    def __init__(self, url, username, day):
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self._url = url
        self._token = self._find_token("/sign-in/")
        fields = {"username": username, "password": PASSWORD, "csrf_token": self._token}
        self._opener.open(f"{url}/sign-in/", urlencode(fields).encode()).close()
        self._door = f"/990111/console/open-days/{day}/door/"
        self._token = self._find_token(self._door)
        self._name = username

    def _find_token(self, path):
        with self._opener.open(f"{self._url}{path}") as page:
            return re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())[1]

    def grant(self, notes, moment):
        """Wait for the others, and send; what became of each note, by its nonce."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._token}
        body = json.dumps({"device": self._name, "notes": notes}).encode()
        request = Request(f"{self._url}{self._door}notes/", body, headers)
        moment.wait()
        with self._opener.open(request, timeout=120) as answer:
            return {one["nonce"]: one["outcome"] for one in json.load(answer)["notes"]}


def notes_of(phone, codes, act="in", later=0):
    at = (utc_now() + timedelta(seconds=later)).isoformat()
    return [
        {"nonce": f"{phone}-{later}-{code}", "code": code, "act": act, "at": at, "heads": 2}
        for code in codes
    ]


@pytest.mark.both_databases
def test_one_presence_and_both_are_told(own, county, settings):
    for username in ("one", "two"):
        create_person(username, "officer", county)
    day = make_day(own, county, max_party=2, capacity=2 * PEOPLE)
    codes = [
        register(
            own, day, day.slots[0],
            RegistrationRequest(name=f"某{n}", phone=f"138{n:08d}", people="2", source="staff"),
        ).code
        for n in range(PEOPLE)
    ]  # fmt: skip
    own.commit()
    with serving(settings, workers=2) as url:
        one, two = Phone(url, "one", day.id), Phone(url, "two", day.id)
        first, second = together((one, notes_of("one", codes)), (two, notes_of("two", codes)))
        for code in codes:
            assert {first[f"one-0-{code}"], second[f"two-0-{code}"]} == {"done", "already"}
        check_presence(own, codes)
        undone, back = notes_of("one", codes, "out", 1), notes_of("two", codes, "in", 2)
        together((one, undone), (two, back))
        [again] = together((two, back))
    assert set(again.values()) == {"repeated"}
    own.expire_all()
    assert {one.state for one in own.scalars(select(Registration))} == {"attended"}


def together(*handed):
    """Have phones hand over their notes at the same moment; what each was told."""
    moment = threading.Barrier(len(handed))
    with ThreadPoolExecutor(len(handed)) as pool:
        return list(pool.map(lambda each: each[0].grant(each[1], moment), handed))


def check_presence(session, codes):
    """Each came once, with the people of one registration; both notes are kept."""
    session.expire_all()
    for code in codes:
        found = session.scalars(select(Registration).where(Registration.code == code)).one()
        assert (found.state, found.attended_count) == ("attended", 2)
        notes = session.scalars(
            select(CheckInEvent).where(CheckInEvent.registration_id == found.id)
        )
        assert {note.device for note in notes} == {"one", "two"}
        moves = session.scalars(
            select(OpenDayEvent.move).where(OpenDayEvent.registration_id == found.id)
        )
        assert list(moves).count("attend") == 1
