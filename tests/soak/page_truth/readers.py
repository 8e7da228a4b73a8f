"""Read pages of a tree that changes, in every variant, and note what each one showed and when."""

import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple
from urllib.parse import urlsplit

from core.testing.factories.catalog import FIRST, SECOND
from core.testing.pages import url_for
from tests.soak.page_truth.ledger import Change, Ledger, find_words

PERSON, STAFF_LINK = "zqpersonq", '/console/"'
HOSTS, SCHEMES = ("127.0.0.1", "localhost"), ("http", "https")
# Cookies of a variant, and what its pages begin with.
VARIANTS = (
    ("", 'lang="zh-Hans"', 'class=""'),
    ("gk_lang=en", 'lang="en"', 'class=""'),
    ("gk_variant=hant", 'lang="zh-Hant"', 'class=""'),
    ("gk_elder=1; gk_contrast=high", 'lang="zh-Hans"', 'class="elder high-contrast"'),
)
NEWEST = 10
# Pages that a reader reads in turn, and how often another or a signed-in one comes in between.
AT_ONCE, OFTEN_ANOTHER, OFTEN_SIGNED_IN = 5, 0.05, 0.02
LONGEST_PAUSE = 0.01
SLOWEST = 120


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page that was read: which, when, and which words it showed."""

    kind: str
    place: str
    register: int
    asked: float
    answered: float
    status: int
    words: frozenset[tuple[int, int]]
    has_feeds: bool


@dataclass(frozen=True, slots=True)
class Address:
    """A page that can be asked for; the register is that of an article."""

    kind: str
    place: str
    path: str
    register: int = 0


class Question(NamedTuple):
    """A page, and the way in which a reader asks for it."""

    address: Address
    variant: tuple[str, str, str]
    host: str
    scheme: str


def list_addresses(places: Sequence[str], below_county: Sequence[str]) -> list[Address]:
    """List the pages that are always there."""
    found = [
        Address(kind, place, url_for(endpoint, place=place))
        for kind, endpoint in (("home", "portal.home"), ("index", "publishing.index"),
                               ("places", "portal.places"), ("feed", "plugin_feeds.atom"))
        for place in places
    ]  # fmt: skip
    found += [
        Address(f"item {item}", place, url_for("catalog.item", item, place=place))
        for item in (FIRST, SECOND)
        for place in below_county
    ]
    return found


class Readers:
    """Some people who read; what they saw, and what was wrong at first sight."""

    def __init__(self, url: str, ledger: Ledger, addresses: Sequence[Address], own: str) -> None:
        self._address = urlsplit(url)
        self._ledger, self._addresses, self._own = ledger, list(addresses), own
        self._articles: list[Address] = []
        self._lock = threading.Lock()
        self.seen: list[ReadPage] = []
        self.wrong: list[str] = []
        self.changes: list[Change] = []
        self.kept = self.unchanged = self.signed_in = 0

    def read(self, number: int, seed: int, end: float) -> None:
        """Have so many people read until a moment of the monotonic clock."""
        people = [
            threading.Thread(target=self._repeat, args=(random.Random(seed + each), end))
            for each in range(number)
        ]
        for person in people:
            person.start()
        for person in people:
            person.join()

    def _repeat(self, chance: random.Random, end: float) -> None:
        """Read a few pages in turn, another one instead of one of them from time to time."""
        connection = HTTPConnection(self._address.netloc, timeout=SLOWEST)
        questions = [self._choose(chance) for _ in range(AT_ONCE)]
        known: dict[Question, tuple[str, str]] = {}
        try:
            while time.monotonic() < end:
                if chance.random() < OFTEN_ANOTHER:
                    place = chance.randrange(AT_ONCE)
                    questions[place] = self._choose(chance, chance.choice(questions))
                self._read_one(connection, chance.choice(questions), known)
                if chance.random() < OFTEN_SIGNED_IN:
                    self._read_signed_in(connection, chance.choice(questions).address)
                time.sleep(chance.uniform(0, LONGEST_PAUSE))
        except (OSError, HTTPException) as error:
            self.wrong.append(f"connection: {error!r}")
        finally:
            connection.close()

    def _choose(self, chance: random.Random, like: Question | None = None) -> Question:
        """Choose a question: any page, or the same page in another way."""
        articles = self.follow()
        pages = articles if articles and chance.random() < 0.4 else self._addresses
        same = like is not None and chance.random() < 0.5
        address = like.address if like and same else chance.choice(pages)
        ways = chance.choice(VARIANTS), chance.choice(HOSTS), chance.choice(SCHEMES)
        return Question(address, *ways)

    def follow(self) -> Sequence[Address]:
        """Learn of new articles from the ledger."""
        with self._lock:
            for change in self._ledger.read_new():
                self.changes.append(change)
                if change.path and change.version == 1:
                    article = Address(change.kind, change.place, change.path, change.register)
                    self._articles.append(article)
            return self._articles[-NEWEST:]

    def _read_one(
        self,
        connection: HTTPConnection,
        question: Question,
        known: dict[Question, tuple[str, str]],
    ) -> None:
        tag, text = known.get(question, ("", ""))
        headers = {
            "Host": f"{question.host}:{self._address.port}", "X-Forwarded-Proto": question.scheme,
            "Accept-Encoding": "identity", "Cookie": question.variant[0], "If-None-Match": tag,
        }  # fmt: skip
        asked = time.monotonic()
        status, answered, body = _fetch(connection, question.address.path, headers)
        if status == 304:
            self.unchanged += 1
            status = 200
        else:
            text = body
        tag = answered.get("etag", "")
        if tag:
            self.kept += 1
            known[question] = (tag, text)
        self._note(question.address, asked, status, text)
        self._look_at(question, text, answered)

    def _note(self, wanted: Address, asked: float, status: int, text: str) -> None:
        page = ReadPage(
            wanted.kind, wanted.place, wanted.register, asked, time.monotonic(), status,
            find_words(text), "publications.atom" in text,
        )  # fmt: skip
        self.seen.append(page)

    def _look_at(self, question: Question, text: str, headers: Mapping[str, str]) -> None:
        """Look for what a page shows of another reader: person, variant, address."""
        faults = []
        if PERSON in text or STAFF_LINK in text:
            faults.append("a person")
        if headers.get("etag") and ("csrf_token" in text or "set-cookie" in headers):
            faults.append("a token or a cookie")
        asked = (question.scheme, question.host)
        others = {(scheme, host) for scheme in SCHEMES for host in HOSTS} - {asked}
        if any(f"{scheme}://{host}:{self._address.port}" in text for scheme, host in others):
            faults.append("another address")
        head = text[:400]
        cookies, *marks = question.variant
        if "<html" in head and not all(mark in head for mark in marks):
            faults.append(f"another variant than {cookies or 'none'}")
        self.wrong += [f"{question.address.path}: {fault}" for fault in faults]

    def _read_signed_in(self, connection: HTTPConnection, wanted: Address) -> None:
        """Read as somebody who is signed in: with the way to the desk, never out of memory."""
        headers = {"Host": f"127.0.0.1:{self._address.port}", "Cookie": self._own}
        status, answered, text = _fetch(connection, wanted.path, headers)
        self.signed_in += 1
        if answered.get("etag") or (status == 200 and "<html" in text and STAFF_LINK not in text):
            self.wrong.append(f"{wanted.path}: not the page of the person who asked")


def _fetch(
    connection: HTTPConnection, path: str, headers: Mapping[str, str]
) -> tuple[int, dict[str, str], str]:
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    body = answer.read().decode()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
