"""Autocompletion: titles that complete what is typed, out of what Meilisearch returns."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.search.engines.base import SuggestRequest
from core.search.engines.meilisearch.ranking import RawHit, distance, score_of
from core.search.engines.meilisearch.terms import begun, holds, to_tokens
from core.search.query.planner import MAX_SPELLED
from core.search.text.pinyin import begun_syllables
from core.search.text.tokenizer import fold


@dataclass(frozen=True, slots=True)
class TitleReading:
    """One reading of what is typed: as words, pinyin or initials of a title."""

    field: str
    tokens: Sequence[str]

    @property
    def query(self) -> str:
        """The query for the server; its hits are checked with `continues`."""
        return begun(self.tokens)

    def continues(self, one: RawHit) -> bool:
        """Return whether the field contains these tokens, the last one as a prefix."""
        return holds(one[self.field], self.tokens, begun=True)

    def begins(self, one: RawHit) -> bool:
        """Return whether the field begins with them."""
        return str(one[self.field]).startswith(" ".join(self.tokens))


def readings(typed: str) -> list[TitleReading]:
    """List every reading of what is typed."""
    folded = fold(typed)
    found = [TitleReading("title", to_tokens(folded))]
    letters = "".join(folded.split())
    if letters.isascii() and letters.isalpha() and len(letters) <= MAX_SPELLED:
        found.append(TitleReading("pinyin", begun_syllables(letters) or []))
        found.append(TitleReading("initials", list(letters)))
    return [reading for reading in found if reading.tokens]


def completions(
    found: Sequence[RawHit], ways: Sequence[TitleReading], request: SuggestRequest
) -> tuple[str, ...]:
    """Return ids of hits that complete what is typed; those that begin with it first."""
    fitting = [one for one in found if any(way.continues(one) for way in ways)]
    fitting.sort(
        key=lambda one: (
            not any(way.begins(one) for way in ways),
            distance(request.scope, one["scope"]),
            -score_of(one),
        )
    )
    return tuple(one["id"] for one in fitting[: request.limit])
