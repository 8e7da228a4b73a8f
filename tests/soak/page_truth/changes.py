"""Change a tree of places without pause until its input ends: `python -m … LEDGER SEED`.

Publications appear, are corrected, withdrawn, dated ahead and expire; catalogs change above and
below; plugins are switched; organs and places are renamed. Everything goes to the ledger.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from select import select as select_files

from sqlalchemy import select

from core.app import create_app
from core.catalog.domain.changes import Refine
from core.clock import first_moment, now, today
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.permissions import OPERATOR
from core.publishing.content import Content
from core.publishing.queries import get_publication
from core.publishing.vocabulary import NOTICE
from core.publishing.workflow.publish import expire_due
from core.tenancy.models import Organ
from core.testing.factories.catalog import FIRST, SECOND, approve_changes
from core.testing.factories.plugins import set_policy
from core.testing.factories.publishing import correct_at, publish_at, withdraw
from core.testing.factories.trees import load_tree
from core.testing.pages import url_for
from tests.soak.page_truth.ledger import Change, Ledger, word_of

PLACES = ("county", "town", "village", "far_village", "other_county")
LONGEST_PAUSE, AHEAD = 0.8, 3.0
FEEDS = "feeds"


class Changes:
    """One who changes the tree, and says so in the ledger."""

    def __init__(self, ledger: Ledger, seed: int) -> None:
        self._ledger, self._chance = ledger, random.Random(seed)
        self._registers = count(1)
        self._versions: Counter[int] = Counter()
        with open_session(None) as session:
            tree = load_tree(session)
        self._places = {name: getattr(tree, name) for name in (*PLACES, "nation")}
        #: Publications that may be corrected and withdrawn: register, place, id.
        self._lasting: list[tuple[int, Tenant, int]] = []
        self._organs = {name: next(self._registers) for name in PLACES}
        self._names = {name: next(self._registers) for name in PLACES}
        self._items = {"nation": (next(self._registers), FIRST),
                       "county": (next(self._registers), SECOND)}  # fmt: skip
        self._feeds = {name: next(self._registers) for name in ("county", "other_county")}

    def begin(self) -> None:
        """Have everything there once."""
        for name in PLACES:
            self._publish(name)
            self._rename_organ(name)
            self._rename_place(name)
            self._publish_for_a_day(name)
        for name in self._items:
            self._change_catalog(name)
        for name in self._feeds:
            self._switch(name)

    def run(self) -> None:
        """Change until the input of this process ends."""
        acts = self._list_acts()
        while not select_files([sys.stdin], [], [], self._chance.uniform(0, LONGEST_PAUSE))[0]:
            act, names = self._chance.choice(acts)
            act(self._chance.choice(names))

    def _list_acts(self) -> list[tuple[Callable[[str], None], tuple[str, ...]]]:
        everywhere = [self._publish, self._publish_ahead, self._publish_for_a_day, self._correct,
                      self._withdraw, self._rename_organ, self._expire]  # fmt: skip
        return [
            *((act, PLACES) for act in everywhere),
            (self._rename_place, PLACES),
            (self._change_catalog, tuple(self._items)),
            (self._switch, tuple(self._feeds)),
        ]

    @contextmanager
    def _noted(self, register: int, kind: str, place: str, path: str = "") -> Iterator[str]:
        """Note a new version of a register; yields the word for it."""
        self._versions[register] += 1
        version, began = self._versions[register], time.monotonic()
        code = self._places[place].division_code
        yield word_of(register, version)
        change = Change(register, kind, code, version, began, time.monotonic(), path)
        self._ledger.write(change)

    def _note(self, change: Change, version: int, earliest: float, latest: float) -> None:
        """Note what comes by itself, at a moment between these."""
        self._ledger.write(replace(change, version=version, began=earliest, ended=latest))

    def _publish(self, place: str) -> None:
        register, began = next(self._registers), time.monotonic()
        number = self._store(
            place, Content(title=f"通知{word_of(register, 1)}", body_source="正文")
        )
        self._versions[register] = 1
        self._lasting.append((register, self._places[place], number))
        self._ledger.write(self._article("title", register, place, number, began))

    def _publish_ahead(self, place: str) -> None:
        """Publish what appears by itself in a few seconds."""
        register, began = next(self._registers), time.monotonic()
        content = Content(title=f"预告{word_of(register, 1)}", body_source="正文",
                          published_at=now() + timedelta(seconds=AHEAD))  # fmt: skip
        latest = time.monotonic() + AHEAD
        number = self._store(place, content)
        change = self._article("ahead", register, place, number, began)
        self._note(change, 0, began, began)
        self._note(change, 1, began + AHEAD, latest)

    def _publish_for_a_day(self, place: str) -> None:
        """Publish a list whose text is over at midnight."""
        register, day, began = next(self._registers), today(), time.monotonic()
        body = f"名单{word_of(register, 1)}"
        content = Content(title="公示", body_source=body, publicity_days=1)
        midnight = (first_moment(day + timedelta(days=1)) - now()).total_seconds()
        latest = time.monotonic() + midnight
        number = self._store(place, content)
        change = self._article("list", register, place, number, began)
        if today() != day:
            return  # midnight came in between: which day it has is not known here
        self._ledger.write(change)
        self._note(change, 0, began + midnight, latest)

    def _store(self, place: str, content: Content) -> int:
        tenant = self._places[place]
        with open_session(Scope.own(tenant)) as session:
            organ = session.scalar(select(Organ.id).where(Organ.tenant_id == tenant.id).limit(1))
            whole = replace(content, genre=NOTICE, organ_id=organ)
            number: int = publish_at(session, tenant, whole).id
        return number

    def _article(self, kind: str, register: int, place: str, number: int, began: float) -> Change:
        tenant = self._places[place]
        path = url_for("publishing.show", number, place=tenant)
        return Change(register, kind, tenant.division_code, 1, began, time.monotonic(), path)

    def _correct(self, _place: str) -> None:
        register, tenant, number = self._chance.choice(self._lasting)
        name = self._name_of(tenant)
        with (
            self._noted(register, "title", name) as word,
            open_session(Scope.own(tenant)) as session,
        ):
            # A comparison of the versions would show the old word on purpose.
            correct_at(session, tenant, number, title=f"更正{word}", hides_comparison=True)

    def _withdraw(self, place: str) -> None:
        if len(self._lasting) <= len(PLACES):
            self._publish(place)
            return
        register, tenant, number = self._lasting.pop(self._chance.randrange(len(self._lasting)))
        began = time.monotonic()
        with open_session(Scope.own(tenant)) as session:
            withdraw(session, OPERATOR, get_publication(session, tenant, number), "有误")
        code = tenant.division_code
        self._ledger.write(Change(register, "title", code, 0, began, time.monotonic()))

    def _name_of(self, tenant: Tenant) -> str:
        return next(name for name, place in self._places.items() if place.id == tenant.id)

    def _rename_organ(self, place: str) -> None:
        tenant = self._places[place]
        with (
            self._noted(self._organs[place], "organ", place) as word,
            open_session(Scope.own(tenant)) as session,
        ):
            for organ in session.scalars(select(Organ).where(Organ.tenant_id == tenant.id)):
                organ.name = f"办公室{word}"

    def _rename_place(self, place: str) -> None:
        with self._noted(self._names[place], "place", place) as word, open_session(None) as session:
            session.get_one(Tenant, self._places[place].id).name = f"某地{word}"

    def _change_catalog(self, place: str) -> None:
        register, item = self._items[place]
        with self._noted(register, "item", place) as word:
            approve_changes(self._places[place], Refine(item, "level2", f"事项{word}", base=None))

    def _switch(self, place: str) -> None:
        """Switch the feeds; odd versions are on."""
        with self._noted(self._feeds[place], FEEDS, place):
            turned = "on" if self._versions[self._feeds[place]] % 2 else "off"
            set_policy(FEEDS, self._places[place], turned)

    def _expire(self, _place: str) -> None:
        with open_session(Scope.platform("soak")) as session:
            expire_due(session)


def main() -> None:
    """Change what is in the database of this environment."""
    ledger, seed = sys.argv[1:]
    with create_app().app_context():
        changes = Changes(Ledger(Path(ledger)), int(seed))
        changes.begin()
        changes.run()


if __name__ == "__main__":
    main()
