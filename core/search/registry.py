"""The kinds of findable things, which features register from above, and the engine they go to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel import LazyString
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.errors import Invalid
from core.search.answers import AnswerSource
from core.search.backend import SearchBackend
from core.search.document import SearchDocument
from core.search.embedded import EmbeddedBackend
from core.search.vocabulary import Vocabulary
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class SearchKind:
    """One kind of findable thing.

    `load` gives the documents of these keys in their present state; what is not public (or is no
    more) is left out, and is then forgotten. `keys` gives the keys of everything that a tenant
    owns, or of everything there is for `None`. Both run in the session's scope.
    """

    name: str
    label: LazyString
    load: Callable[[Session, Sequence[str]], Iterable[SearchDocument]]
    keys: Callable[[Session, int | None], Iterable[str]]


class SearchEngine:
    """What search consists of in this process."""

    def __init__(self, backend: SearchBackend) -> None:
        self.backend = backend
        self.kinds: dict[str, SearchKind] = {}
        self.vocabulary = Vocabulary()
        self.answer_sources: list[AnswerSource] = []

    def register(self, kind: SearchKind) -> None:
        """Make a kind findable; its name is part of ids: ASCII letters, digits and `_`."""
        if not kind.name.isidentifier() or not kind.name.isascii():
            raise ValueError(f"{kind.name!r} cannot be part of an id")
        self.kinds[kind.name] = kind

    def kind(self, name: str) -> SearchKind:
        """The kind of this name; raises `Invalid`."""
        if name not in self.kinds:
            known = ", ".join(sorted(self.kinds))
            raise Invalid(
                {
                    "kind": _(
                        "There is no kind “%(kind)s” here. Known: %(known)s.",
                        kind=name,
                        known=known,
                    )
                }
            )
        return self.kinds[name]

    def load(self, session: Session, kind: str, keys: Sequence[str]) -> list[SearchDocument]:
        """Documents of one kind; none where nobody has registered it."""
        return list(self.kinds[kind].load(session, keys)) if kind in self.kinds else []


def init_search(app: Flask, settings: Settings) -> SearchEngine:
    """Give the application its engine; nothing is opened before the first use."""
    engine = SearchEngine(EmbeddedBackend(settings.data_dir / "search"))
    app.extensions["search"] = engine
    return engine


def search_engine() -> SearchEngine:
    """The current application's engine."""
    engine: SearchEngine = current_app.extensions["search"]
    return engine
