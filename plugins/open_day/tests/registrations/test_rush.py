"""500 people at once for the last 20 places, over HTTP and several server processes."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from core.testing.pages import url_for
from core.testing.serving import serving
from plugins.open_day.models.registration import EventSession, Registration
from plugins.open_day.tests.factories import make_day

# Measured in time: a test beside it would be measured too.
pytestmark = pytest.mark.alone

PEOPLE, PLACES, AT_ONCE = 500, 20, 100


@dataclass(frozen=True)
class Answer:
    """What one person got."""

    status: int
    location: str | None


class Crowd:
    """People who have the form open, and send it at the same time."""

    def __init__(self, url, path):
        self._host = url.removeprefix("http://")
        self._path = path
        connection = HTTPConnection(self._host, timeout=120)
        connection.request("GET", path)
        response = connection.getresponse()
        page = response.read().decode()
        connection.close()
        assert response.status == 200, page[:300]
        self._cookie = response.headers["Set-Cookie"].partition(";")[0]
        self._token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def send(self, number):
        fields = {
            "csrf_token": self._token,
            "request_key": f"person-{number}",
            "name": f"报名人{number}",
            "phone": f"139{number:08d}",
            "people": "1",
            "consent": "1",
        }
        connection = HTTPConnection(self._host, timeout=120)
        headers = {
            "Cookie": self._cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"10.1.{number // 250}.{number % 250}",
        }
        connection.request("POST", self._path, urlencode(fields), headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        return Answer(response.status, response.headers["Location"])


@pytest.mark.both_databases
def test_500_people_for_the_last_20_places(own, county, settings, capsys):
    day = make_day(own, county, capacity=PLACES, slot={"waiting_limit": None})
    slot_id = day.slots[0].id
    own.commit()
    path = url_for("plugin_open_day_registration.form", day.id, slot_id)
    with serving(settings) as url, ThreadPoolExecutor(AT_ONCE) as pool:
        crowd = Crowd(url, path)
        started = time.perf_counter()
        answers = list(pool.map(crowd.send, range(PEOPLE)))
        took = time.perf_counter() - started
    with capsys.disabled():
        print(f"\n{PEOPLE} registrations in {took:.1f} s ({settings.database_url[:10]}…)")
    assert {answer.status for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == PEOPLE
    own.expire_all()
    _check_places(own, slot_id)


def _check_places(session, slot_id):
    made = session.scalars(select(Registration).where(Registration.slot_id == slot_id)).all()
    slot = session.get(EventSession, slot_id)
    assert len(made) == PEOPLE
    assert len({registration.code for registration in made}) == PEOPLE
    assert sum(registration.state == "confirmed" for registration in made) == PLACES
    waiting = [r for r in made if r.state == "waiting"]
    numbers = sorted(r.waiting_number for r in waiting)
    assert numbers == list(range(1, PEOPLE - PLACES + 1))
    assert (slot.taken, slot.waiting, slot.waiting_last) == (PLACES, len(waiting), len(waiting))
    in_order = sorted(waiting, key=lambda r: r.waiting_number)
    assert [r.id for r in in_order] == sorted(r.id for r in waiting)
