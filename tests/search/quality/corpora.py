"""What is asked, of which documents: the composed corpus, and the judged sets' two counties."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from core.app import create_app
from core.db.scope import Scope, open_session
from core.demo.loader import load_demo
from core.search.document import DocumentValidity, SearchDocument
from core.search.engines.base import Facet, Filters, SearchBackend
from core.search.indexing.indexer import chunks
from core.search.query.lexicon import Lexicon, national_lexicon
from core.search.registry import search_engine
from core.search.scope import SearchScope
from core.settings import Settings
from core.tenancy.divisions import read_divisions
from core.tenancy.importing import import_divisions
from core.tenancy.service import get_tenant
from core.testing.databases import Databases
from tests.search.judged.judged import SETS, JudgedQuery, judged_queries

NATION = 1
CHUNK = 1_000
INVENTED = "999901"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is typed, and which kinds of things were judged for it."""

    scope: SearchScope
    filters: Filters = field(default_factory=dict)
    words: Lexicon = field(default_factory=national_lexicon)
    learned: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, the questions that were judged over them, and the keys that judgments use."""

    name: str
    documents: Sequence[SearchDocument]
    questions: Sequence[JudgedQuery]
    places: Mapping[str, Place]
    keys: Mapping[str, str]

    def fill(self, engine: SearchBackend) -> None:
        """Let an engine hold these documents and no others."""
        engine.ensure()
        rebuild = engine.begin_rebuild()
        for chunk in chunks(self.documents, CHUNK):
            rebuild.upsert(chunk)
        rebuild.publish()


@contextmanager
def installed(databases: Databases) -> Iterator[None]:
    """An application with an empty database of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        databases.fresh("sqlite", Path(folder)) as url,
    ):
        app = create_app(
            Settings(data_dir=Path(folder), database_url=url, secret_key="key-of-the-tests")
        )
        with app.app_context():
            yield
            app.extensions["sqlalchemy"].engine.dispose()


def composed(tools: Path, folder: Path, size: int) -> Collection:
    """Load the first documents of the composed corpus, and its judged questions."""
    path = folder / f"corpus-{size}.jsonl"
    if not path.exists():
        script = str(tools / "search_corpus.py")
        subprocess.run([sys.executable, script, str(size), str(path)], check=True)
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    documents = [_composed_document(row) for row in rows]
    bases: dict[str, list[str]] = {}
    for row, document in zip(rows, documents, strict=True):
        bases.setdefault(row["base"], []).append(document.id)
    judged = json.loads((tools / "search_judged.json").read_text(encoding="utf-8"))
    questions = [
        JudgedQuery(one["q"], "", "composed", "", {k: 3 for b in one["bases"] for k in bases[b]})
        for one in judged
    ]
    everywhere = Place(SearchScope((NATION,), (NATION,)))
    return Collection(
        f"composed, {size:,}", documents, questions, {"": everywhere},
        {document.id: document.id for document in documents},
    )  # fmt: skip


@cache
def _tenant(place: str) -> int:
    """A number for each place of the corpus: 00/03/ and so on."""
    digits = place.split("/")
    return int("1" + "".join(digits)) * 10 + len(digits)


def chain_of_path(path: str) -> tuple[int, ...]:
    """Tenant ids from the nation down to a place of the corpus, such as 03/06/."""
    parts = path.rstrip("/").split("/") if path else []
    return (NATION, *(_tenant("/".join(parts[: end + 1])) for end in range(len(parts))))


def _composed_document(row: Mapping[str, str]) -> SearchDocument:
    chain = chain_of_path(row["path"])
    year, month, day = row["date"].split("-")
    return SearchDocument(
        kind=row["kind"], pk=str(row["id"]), scope=chain, title=row["title"], path="",
        body=row["body"], topic=row["topic"], organ=row["org"],
        published_on=date(int(year), int(month), min(int(day), 28)),
    )  # fmt: skip


def judged(shared_data: Path) -> dict[str, Collection]:
    """Both counties, with each set of questions; needs an application with an empty database."""
    table = shared_data / "divisions" / "wangchuan_999901.csv"
    with open_session(None) as session:
        rows = read_divisions(table.read_bytes(), table.name)
        import_divisions(session, rows, INVENTED, table.name)
    load_demo("127.0.0.1")
    sets = {name: judged_queries(name) for name in SETS}
    places = {at: _place(at) for at in {one.at for asked in sets.values() for one in asked}}
    documents = [*_of_the_demo(), *_of_the_invented_county(shared_data)]
    keys = {document.id: _judged_key(document) for document in documents}
    return {
        name: Collection(f"judged, {name}", documents, questions, places, keys)
        for name, questions in sets.items()
    }


def _place(at: str) -> Place:
    """A division's page, with the words that hold there."""
    engine = search_engine()
    with open_session(None) as session:
        tenant = get_tenant(session, at)
    with open_session(Scope.public(tenant)) as session:
        words = engine.vocabulary.words(session, tenant)
    learned = engine.vocabulary.learned(session, tenant, engine.kinds.values())
    kinds = {"document", "law"} if at.startswith(INVENTED) else {"publication", "catalog_item"}
    filters = {Facet.KIND: frozenset(kinds)}
    return Place(SearchScope(tenant.chain, tenant.chain), filters, words, learned)


def _judged_key(document: SearchDocument) -> str:
    kind = "item" if document.kind == "catalog_item" else document.kind
    return f"{kind}:{document.source_id}"


def _of_the_demo() -> Iterator[SearchDocument]:
    """Everything that the features of this database offer."""
    with open_session(Scope.platform("search quality")) as session:
        for kind in search_engine().kinds.values():
            yield from kind.load(session, list(kind.keys(session, None)))


def _of_the_invented_county(shared_data: Path) -> Iterator[SearchDocument]:
    with open_session(None) as session:
        county = get_tenant(session, INVENTED).chain
        with (shared_data / "docs" / "docs.jsonl").open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                yield to_publication(row, get_tenant(session, row["tenant"]).chain)
    for number, path in enumerate(sorted((shared_data / "laws").glob("*.md"))):
        yield _law(number, path, county)


def to_publication(
    row: Mapping[str, str], chain: tuple[int, ...], kind: str = "document"
) -> SearchDocument:
    """One line of the invented county's publications."""
    in_force = row["status"] == "有效"
    return SearchDocument(
        kind=kind, pk=row["id"], scope=chain, title=row["title"], body=row["body"],
        topic=row["domain"], organ=row["publisher"], numbers=(row["doc_no"], row["index_no"]),
        published_on=date.fromisoformat(row["publish_date"]), path="", source_id=row["id"],
        validity=DocumentValidity.EFFECTIVE if in_force else DocumentValidity.REPEALED,
    )  # fmt: skip


def _law(number: int, path: Path, chain: tuple[int, ...]) -> SearchDocument:
    heading, _, body = path.read_text(encoding="utf-8").partition("\n")
    return SearchDocument(
        kind="law", pk=str(number), scope=chain, title=heading.removeprefix("# ").strip(),
        body=body, path="", source_id=path.name,
    )  # fmt: skip
