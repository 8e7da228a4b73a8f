"""The measuring peer: SQLite's FTS5 over the tokens that the embedded engine is given.

Ancestors are tokens of the full text index, as the fastest way to hold a question to a subtree.
No product code uses it.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from core.search.document import BODY_LIMIT, SearchDocument
from core.search.engines.base import SearchRequest
from core.search.query.planner import QueryVariant, Term, TermForm
from core.search.text.tokenizer import BREAK, cut, fold

LAYOUT = """
CREATE VIRTUAL TABLE doc USING fts5(title, about, body, scope, content='', tokenize='unicode61');
INSERT INTO doc(doc, rank) VALUES ('rank', 'bm25(10.0, 4.0, 2.0, 0.0)');
CREATE TABLE facet(id INTEGER PRIMARY KEY, kind TEXT, topic TEXT);
"""
BEST = "SELECT rowid FROM doc WHERE doc MATCH ? ORDER BY rank LIMIT ?"
COUNTED = "SELECT {0}, count(*) FROM doc JOIN facet ON id = doc.rowid WHERE doc MATCH ? GROUP BY 1"


class Fts5:
    """One index in a file of its own."""

    name = "FTS5"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = sqlite3.connect(path)
        self._connection.executescript(LAYOUT)

    def upsert(self, documents: Sequence[SearchDocument]) -> None:
        """Add documents that are not there yet."""
        with self._connection:
            for document in documents:
                about = f"{document.summary}\n{document.alias}\n{document.topic}\n{document.organ}"
                texts = (document.title, about, document.body[:BODY_LIMIT])
                self._connection.execute(
                    "INSERT INTO doc(rowid, title, about, body, scope) VALUES (?, ?, ?, ?, ?)",
                    (int(document.pk), *map(_cut, texts), _scope(document.scope)),
                )
                self._connection.execute(
                    "INSERT INTO facet VALUES (?, ?, ?)",
                    (int(document.pk), document.kind, document.topic),
                )

    def search(self, request: SearchRequest) -> list[int]:
        """The best for one question, and with facets how many there are of each value."""
        match = _expression(request)
        found = self._connection.execute(BEST, (match, request.limit)).fetchall()
        for name in request.facets:
            self._connection.execute(COUNTED.format(name), (match,)).fetchall()
        return [row[0] for row in found]

    def bytes(self) -> int:
        """Size of the index on disk."""
        with self._connection:
            self._connection.execute("INSERT INTO doc(doc) VALUES ('optimize')")
        return self._path.stat().st_size

    def close(self) -> None:
        self._connection.close()


def _cut(text: str) -> str:
    return " ".join(_tokens(fold(text)))


def _tokens(folded: str) -> list[str]:
    return [token for token in cut(folded) if token != BREAK]


def _scope(chain: Sequence[int]) -> str:
    return " ".join(f"t{tenant}" for tenant in chain)


def _expression(request: SearchRequest) -> str:
    words = f"{{title about body}} : ({_question(request.variant)})"
    base = request.scope.base
    # Everything lies below the first tenant: the cheapest condition is none.
    return words if len(base) == 1 else f"scope : t{base[-1]} AND {words}"


def _question(ask: QueryVariant) -> str:
    groups = [
        [_phrase(term) for term in group.terms if term.form is TermForm.TEXT]
        for group in ask.groups
    ]
    asked = " AND ".join(f"({' OR '.join(filter(None, terms))})" for terms in groups)
    own = _phrase(Term(ask.raw_query))
    return f"({asked}) OR {own}" if own else asked


def _phrase(term: Term) -> str:
    tokens = _tokens(term.text)
    return f'"{" ".join(tokens)}"{" *" if term.prefix else ""}' if tokens else ""
