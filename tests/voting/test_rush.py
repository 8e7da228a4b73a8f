"""500 voices at once over HTTP and several server processes: none lost, none doubled, no error."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from core.testing.pages import url_for
from core.testing.serving import serving
from core.voting.models import WebBallot
from tests.voting.votes import BALLOT, PUBLIC, make_vote

# Measured in time: a test beside it would be measured too.
pytestmark = pytest.mark.alone

VOTERS, AT_ONCE = 500, 100


class Citizens:
    """Citizens who have a ballot open, each on a device of their own, and send it at once."""

    def __init__(self, url, path):
        self._host, self._path = url.removeprefix("http://"), path
        connection = HTTPConnection(self._host, timeout=120)
        connection.request("GET", path)
        response = connection.getresponse()
        page = response.read().decode()
        connection.close()
        assert response.status == 200, page[:300]
        cookies = [value.partition(";")[0] for value in response.headers.get_all("Set-Cookie")]
        self._session = next(each for each in cookies if each.startswith("gk_session="))
        self._token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def send(self, device):
        """Send the ballot from a device; returns the status."""
        connection = HTTPConnection(self._host, timeout=120)
        headers = {
            "Cookie": f"{self._session}; gk_device=device-of-a-citizen-{device:04d}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"10.1.{device // 250}.{device % 250}",
        }
        fields = urlencode(BALLOT | {"csrf_token": self._token})
        connection.request("POST", self._path, fields, headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status


@pytest.mark.both_databases
def test_500_voices_at_once_are_all_counted_once(own, tree, county, settings, capsys):
    vote = make_vote(own, tree)
    own.commit()
    path = url_for(f"{PUBLIC}.form", vote.id, vote.subjects[0].id)
    with serving(settings) as url, ThreadPoolExecutor(AT_ONCE) as pool:
        citizens = Citizens(url, path)
        started = time.perf_counter()
        statuses = Counter(pool.map(citizens.send, range(VOTERS)))
        took = time.perf_counter() - started
        # One device, many taps at the same moment: the database itself lets one voice in.
        taps = Counter(pool.map(citizens.send, [VOTERS] * 20))
    with capsys.disabled():
        print(f"\n{VOTERS} voices in {took:.1f} s ({settings.database_url[:10]}…)")
    assert (statuses, taps) == ({303: VOTERS}, {303: 20})
    voters = own.scalars(select(WebBallot.voter_digest)).all()
    assert (len(voters), len(set(voters))) == (VOTERS + 1, VOTERS + 1)
