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
    """Puts the questions of a plan to an engine; `put` asks one question for one page.

    `learned` gives words that the documents know; it is asked only where something is to be
    repaired.
    """

    def __init__(
        self,
        put: Callable[[Ask], SearchPage],
        words: Words,
        learned: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._put = put
        self._words = words
        self._learned = learned

    def find(self, typed: str) -> Found | None:
        """Ask as typed; then as it sounds; then for a part of it. `None` if nothing was asked."""
        plan = plan_query(typed, self._words)
        if plan.empty:
            return None
        found = self._first_of(plan.strict)
        repaired = None
        if not found.page.total or plan.guessed:
            repaired = self._repaired(plan)
            better = self._asked(repaired, repaired.strict) if repaired else None
            found = better if better and better.page.total > found.page.total else found
        if found.page.total < ENOUGH and found.corrected is None:
            looser = self._looser(plan, None if found.page.total else repaired)
            found = looser if looser and looser.page.total > found.page.total else found
        return found

    def _repaired(self, plan: Plan) -> Plan | None:
        """The same question without its typing errors, or `None` if there seem to be none."""
        corrected = correct(plan.typed, self._words, self._learned())
        return plan_query(corrected, self._words) if corrected else None

    def _looser(self, plan: Plan, repaired: Plan | None) -> Found | None:
        """Ask for a part: of the repaired question where that finds its matter, else as typed."""
        if repaired and repaired.relaxed:
            found = self._asked(repaired, repaired.relaxed[:1])
            if found.page.total:
                return found
        return self._first_of(plan.relaxed) if plan.relaxed else None

    def _asked(self, repaired: Plan, asks: Sequence[Ask]) -> Found:
        return replace(self._first_of(asks), corrected=repaired.typed)

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
