"""Clerks who save drafts and citizens who register, over the network, until told to stop."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import select

from core.clock import today
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.publishing.models import Publication
from core.testing.factories.people import PASSWORD, create_person
from core.testing.pages import url_for
from plugins.open_day.models.registration import Registration
from tests.soak.browser import STORED, Browser, Saves

CLERKS, CITIZENS = 4, 20
# Between two acts of one person (seconds): they think for less time than people do.
CLERK_PAUSE, CITIZEN_PAUSE = 1.0, 4.0


class WritingPeople:
    """All of them, what they sent, and how long each waited."""

    def __init__(self, url: str, county: Tenant, registration_form: str) -> None:
        self._county = county
        self._stop = threading.Event()
        self._failed: list[Exception] = []
        self._titles: list[str] = []
        self._phones: list[str] = []
        self.drafts, self.registrations = Saves(), Saves()
        clerks = [self._clerk(url, number) for number in range(CLERKS)]
        citizens = [self._citizen(url, registration_form, number) for number in range(CITIZENS)]
        self._threads = [
            *(threading.Thread(target=self._repeat, args=(act, CLERK_PAUSE)) for act in clerks),
            *(threading.Thread(target=self._repeat, args=(act, CITIZEN_PAUSE)) for act in citizens),
        ]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Have them work beside something; at the end each has done what he was at."""
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()
        assert not self._failed, self._failed

    def list_wrong(self) -> list[str]:
        """List what was confirmed to them and is not stored exactly once."""
        with open_session(Scope.platform("soak")) as session:
            titles = Counter(session.scalars(select(Publication.title)))
            phones = Counter(session.scalars(select(Registration.phone)))
        sent = [(titles, title) for title in self._titles] + [(phones, p) for p in self._phones]
        return [f"{what}: {stored[what]} times" for stored, what in sent if stored[what] != 1]

    def _repeat(self, act: Callable[[], None], pause: float) -> None:
        try:
            while True:
                act()
                if self._stop.wait(pause):
                    return
        except Exception as error:  # noqa: BLE001 - raised at the end
            self._failed.append(error)

    def _clerk(self, url: str, number: int) -> Callable[[], None]:
        """Return what a clerk does: a new draft, then the same draft with another title."""
        name, browser, numbers = f"soak-clerk-{number}", Browser(url), count()
        create_person(name, "clerk", self._county)
        address, fields = browser.read_form(url_for("accounts.sign_in"), "username")
        status, _ = browser.post(address, fields | {"username": name, "password": PASSWORD})
        assert status in STORED, status
        new = url_for("publishing_console.new", place=self._county)
        edit = url_for("publishing_console.edit", 0, place=self._county)
        create, empty = browser.read_form(new, "title")
        filled = empty | {"body": "正文", "formed_on": str(today()), "no_item_reason": "无"}

        def act() -> None:
            title = f"第{next(numbers)}稿，{name}"
            typed = filled | {"title": title, "act": "save"}
            status, location = browser.save(self.drafts, create, typed)
            if status not in STORED:
                return
            address = edit.replace("/0/", f"/{re.findall('[0-9]+', location)[-1]}/")
            _, shown = browser.read_form(address, "title")
            changed = {"title": f"{title}，改", "act": "save"}
            status, _ = browser.save(self.drafts, address, shown | changed)
            self._titles.append(changed["title"] if status in STORED else title)

        return act

    def _citizen(self, url: str, form: str, number: int) -> Callable[[], None]:
        """Return what a citizen does: register, each time with another phone."""
        browser, numbers = Browser(url), count()
        address, empty = browser.read_form(form, "phone")

        def act() -> None:
            each = next(numbers)
            phone = f"139{number:04d}{each:04d}"
            typed = {
                "name": f"报名人{number}",
                "phone": phone,
                "people": "1",
                "consent": "yes",
                "eligible": "yes",
                "request_key": f"soak-{number}-{each}",
            }
            source = f"10.{number}.{each // 250}.{each % 250}"
            status, _ = browser.save(self.registrations, address, empty | typed, source)
            if status in STORED:
                self._phones.append(phone)

        return act
