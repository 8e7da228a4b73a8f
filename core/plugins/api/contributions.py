"""What hooks give: plain data, which the core shows in its own words and markup."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.accounts.staff_menu import StaffLink, Task
from core.jobs.queue import Schedule

DEFAULT_WEIGHT = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a block: a title that leads somewhere, and what the list shows beside it.

    A `phone` can be called with a tap.
    """

    title: str
    url: str
    organ: str = ""
    date: dt.date | None = None
    note: str = ""
    tag: str = ""
    tone: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page; one without entries is left out unless it says why (`empty`).

    `key` is the id of its heading, `more_url` leads to the whole list.
    """

    key: str
    title: str
    entries: tuple[Row, ...] = ()
    more_url: str = ""
    empty: str = ""
    weight: int = DEFAULT_WEIGHT


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the public navigation and on the site map."""

    key: str
    label: str
    url: str
    weight: int = DEFAULT_WEIGHT


@dataclass(frozen=True, slots=True)
class HeadLink:
    """A `<link>` in the head of public pages, e.g. a feed (`rel="alternate"`)."""

    rel: str
    type: str
    href: str
    title: str = ""
    weight: int = DEFAULT_WEIGHT


#: Among the `questions` of a manifest: whoever asks for a place to go to (`Asked.asks_where`).
ASKS_WHERE = "asks where"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the search box: as typed, folded to one form, and its words.

    `asks_where`: it asks for a place to go to (最近的便民服务点, 哪里能办社保卡). Then `ways` are
    what to look for, for `find_nearest`, and `place` is the division code of a place that it names.
    """

    typed: str
    folded: str
    words: tuple[str, ...] = ()
    asks_where: bool = False
    ways: tuple[Any, ...] = ()
    place: str = ""

    def concerns(self, questions: Sequence[str]) -> bool:
        """Return whether it is one of the `questions` that a manifest names; any is where none."""
        text = self.folded.replace(" ", "")
        return not questions or any(
            self.asks_where if question == ASKS_WHERE else question in text
            for question in questions
        )


@dataclass(frozen=True, slots=True)
class CardAction:
    """What one can do with an answer at once: call (`tel:…`), see the way there."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """A direct answer above the search results, with links to what can be done at once."""

    key: str
    title: str
    url: str
    lines: tuple[str, ...] = ()
    tag: str = ""
    actions: tuple[CardAction, ...] = ()
    weight: int = DEFAULT_WEIGHT


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell a person: `to` is a telephone number, or an address of another service.

    `about` says what for, as a key (`open_day.reminder`), so that a carrier can choose a template
    of its own and fill in the `facts`. `key` is an idempotency key: a message that is tried again
    has the same one; empty where it is tried once only.
    """

    to: str
    text: str
    subject: str = ""
    about: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a plugin's settings at a place, and how to mend it."""

    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """What a plugin has counted of an organ or township: so much of what could be reached.

    `measure` is `<plugin>.<subject>`, `label` its name for people. The subject is an organ of the
    tenant or a township below it, the other id is 0. `derivation` says in words where the numbers
    come from, so that anybody can count again.
    """

    measure: str
    label: str
    organ_id: int
    township_id: int
    reached: int
    of: int
    derivation: str


@dataclass(frozen=True, slots=True)
class Job:
    """Background work of a plugin; its name begins with the plugin's.

    `wakes_on` names what it runs after, besides its schedule: `publication` is each change of what
    a publication shows to the public (published, corrected, withdrawn, restored, expired).
    """

    name: str
    work: Callable[[], None]
    schedule: Schedule | None = None
    wakes_on: tuple[str, ...] = ()


__all__ = [
    "AnswerCard",
    "Asked",
    "Block",
    "CardAction",
    "HeadLink",
    "Job",
    "Link",
    "MeasuredValue",
    "Message",
    "Problem",
    "Row",
    "StaffLink",
    "Task",
]
