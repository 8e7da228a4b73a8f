"""Ask an engine in turn: as typed, as it sounds, for a part of it; knows no database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.search.backend import SearchPage
from core.search.correction import correct
from core.search.plan import Ask, Plan, plan_query
from core.search.words import Words

# With fewer answers than this the next, looser question is asked.
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What the engine said, to which question."""

    ask: Ask
    page: SearchPage
    corrected: str | None = None


class Inquiry:
    """Puts the questions of a plan to an engine; `put` asks one question for one page."""

    def __init__(self, put: Callable[[Ask], SearchPage], words: Words) -> None:
        self._put = put
        self._words = words

    def find(self, typed: str) -> Found | None:
        """Ask as typed; then as it sounds; then for a part of it. `None` if nothing was asked."""
        plan = plan_query(typed, self._words)
        if plan.empty:
            return None
        found = self._first_of(plan.strict)
        if not found.page.total or plan.guessed:
            corrected = self._corrected(plan)
            found = corrected if corrected and corrected.page.total > found.page.total else found
        if found.page.total < ENOUGH and found.corrected is None and plan.relaxed:
            looser = self._first_of(plan.relaxed)
            found = looser if looser.page.total > found.page.total else found
        return found

    def _corrected(self, plan: Plan) -> Found | None:
        corrected = correct(plan.typed, self._words)
        if corrected is None:
            return None
        asks = plan_query(corrected, self._words).strict
        return replace(self._first_of(asks), corrected=corrected) if asks else None

    def _first_of(self, asks: Sequence[Ask]) -> Found:
        """Ask one question after the other until there is enough; keep the fullest answer."""
        best: Found | None = None
        for ask in asks:
            found = Found(ask, self._put(ask))
            if best is None or found.page.total > best.page.total:
                best = found
            if best.page.total >= ENOUGH:
                break
        assert best is not None  # a plan that is not empty has a question
        return best
