"""The shared composed corpus as a real installation: a tree of tenants and their publications.

The ten counties of the corpus lie below one more that has a portal of its own, so that a page can
be asked over everything there is; the corpus of a size begins with those of the smaller sizes.
"""

import json
import runpy
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.publishing.models import Publication
from core.tenancy.models import Organ
from tests.bench.layers import store

SHARED = Path(__file__).parents[4] / "shared" / "tools"
EVERYTHING, COUNTIES, TOWNSHIPS, VILLAGES = "990000", 10, 15, 12
CHUNK = 5_000
# Those of the composed titles that end so are lists about persons.
PUBLICITY = "公示"
PURPOSE = Scope.platform("benchmark")


def compose(size: int, folder: Path) -> tuple[Path, tuple[str, ...]]:
    """Write the corpus of this size, and name its topics; the composer lies beside the checkout."""
    path = folder / "corpus.jsonl"
    composer = runpy.run_path(str(SHARED / "search_corpus.py"))
    composer["main"](size, str(path))
    return path, tuple(composer["TOPICS"])


def queries() -> dict[str, list[str]]:
    """The shared query classes."""
    shared: dict[str, Any] = json.loads((SHARED / "search_queries.json").read_text("utf-8"))
    classes: dict[str, list[str]] = shared["classes"]
    return classes


def county(number: int) -> tuple[str, str]:
    """Code of one of the ten counties, and its path in the corpus."""
    return f"99{number + 1:02}00", f"{number:02}/"


def _places() -> Iterator[tuple[str, str, str, str]]:
    """Path in the corpus, that of the tenant above, code and level; those above come first."""
    yield "CN", "", "CN", "nation"
    yield EVERYTHING, "CN", EVERYTHING, "county"
    for code, place in map(county, range(COUNTIES)):
        yield place, EVERYTHING, code, "county"
        for t in range(TOWNSHIPS):
            town, below = f"{code}{100 + t}", f"{place}{t:02}/"
            yield below, place, town, "township"
            for v in range(VILLAGES):
                yield f"{below}{v:02}/", below, f"{town}{200 + v}", "village"


def _path(chain: Sequence[int]) -> str:
    return f"/{'/'.join(map(str, chain))}/"


class Installation:
    """Fills a database piece by piece; ids are counted here, for speed."""

    def __init__(self, corpus: Path, topics: Sequence[str], database: Path) -> None:
        self._lines = corpus.open(encoding="utf-8")
        self._domains = {topic: f"d{number}" for number, topic in enumerate(topics)}
        self._database = database
        self._chains: dict[str, tuple[int, ...]] = {}
        self._organs: dict[str, int] = {}
        self._published = 0
        self.text_bytes = 0

    def chain(self, path: str) -> tuple[int, ...]:
        """Ids from the root to the tenant of a path of the corpus, or of a code above those."""
        return self._chains[path]

    def create_tenants(self) -> None:
        """Create one county over ten, and what lies below; the nation names the domains."""
        rows: list[dict[str, object]] = [
            {"op": "define_domain", "domain": key, "value": {"name": topic}}
            for topic, key in self._domains.items()
        ]
        with open_session(PURPOSE) as session:
            self._grow(session)
            store(session, self._chains["CN"][-1], rows)

    def _grow(self, session: Session) -> None:
        for number, (place, above, code, level) in enumerate(_places(), start=1):
            chain = self._chains.get(above, ())
            parent = chain[-1] if chain else None
            tenant = Tenant(
                id=number, division_code=code, name=f"{level}{number}", level=level,
                kind=level, path=_path((*chain, number)), parent_id=parent,
            )  # fmt: skip
            session.add(tenant)
            session.flush()
            self._chains[place] = tenant.chain

    def publish(self, size: int) -> None:
        """Publish what is missing to this many publications."""
        with _free_of_triggers(self._database):
            while missing := size - self._published:
                rows = [json.loads(line) for line in islice(self._lines, min(CHUNK, missing))]
                with open_session(PURPOSE) as session:
                    self._name_organs(session, rows)
                    session.execute(insert(Publication), [self._row(row) for row in rows])
                self._published += len(rows)

    def _name_organs(self, session: Session, rows: Sequence[dict[str, Any]]) -> None:
        owner = self._chains[EVERYTHING][-1]
        for name in dict.fromkeys(row["org"] for row in rows):
            if name not in self._organs:
                organ = Organ(tenant_id=owner, name=name)
                session.add(organ)
                session.flush()
                self._organs[name] = organ.id

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        self.text_bytes += len((row["title"] + row["body"]).encode())
        day = date.fromisoformat(row["date"])
        return {
            "tenant_id": self._chains[row["path"]][-1],
            "organ_id": self._organs[row["org"]],
            "domain": self._domains[row["topic"]],
            "title": row["title"],
            "body_html": f"<p>{row['body']}</p>",
            "genre": PUBLICITY if row["title"].endswith(PUBLICITY) else "通知公告",
            "index_number": f"990000/{day.year}-{row['id']:07}",
            "formed_on": day,
            "issued_on": day,
            "published_at": datetime(day.year, day.month, day.day, tzinfo=UTC),
            "state": "published",
            "revision": 1,
            "published_revision": 1,
        }


@contextmanager
def _free_of_triggers(database: Path) -> Iterator[None]:
    """Publications begin as drafts, says the database; not those that come by the thousand."""
    with sqlite3.connect(database) as connection:
        found = connection.execute(
            "SELECT name, sql FROM sqlite_master"
            " WHERE type = 'trigger' AND tbl_name = 'publication'"
        ).fetchall()
        for name, _ in found:
            connection.execute(f"DROP TRIGGER {name}")
    yield
    with sqlite3.connect(database) as connection:
        for _, definition in found:
            connection.execute(definition)
