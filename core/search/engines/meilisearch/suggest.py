"""Autocompletion: titles that complete what is typed, out of what Meilisearch returns."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.search.engines.base import SuggestRequest
from core.search.engines.meilisearch.ranking import RawHit, distance, to_score
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

    def continues(self, hit: RawHit) -> bool:
        """Return whether the field contains these tokens, the last one as a prefix."""
        return holds(hit[self.field], self.tokens, begun=True)

    def begins(self, hit: RawHit) -> bool:
        """Return whether the field begins with them."""
        return str(hit[self.field]).startswith(" ".join(self.tokens))


def readings(typed: str) -> list[TitleReading]:
    """List every reading of what is typed."""
    folded = fold(typed)
    possible = [TitleReading("title", to_tokens(folded))]
    letters = "".join(folded.split())
    if letters.isascii() and letters.isalpha() and len(letters) <= MAX_SPELLED:
        possible.append(TitleReading("pinyin", begun_syllables(letters) or []))
        possible.append(TitleReading("initials", list(letters)))
    return [reading for reading in possible if reading.tokens]


def completions(
    hits: Sequence[RawHit], title_readings: Sequence[TitleReading], request: SuggestRequest
) -> tuple[str, ...]:
    """Return ids of hits that complete what is typed; those that begin with it first."""
    fitting = [hit for hit in hits if any(way.continues(hit) for way in title_readings)]
    fitting.sort(
        key=lambda hit: (
            not any(way.begins(hit) for way in title_readings),
            distance(request.scope, hit["scope"]),
            -to_score(hit),
        )
    )
    return tuple(hit["id"] for hit in fitting[: request.limit])
