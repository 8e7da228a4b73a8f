"""States of plugins for people: words, and sentences that say why."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from core.db.tree import Tenant
from core.plugins.activation.rules import Because, Effective, State, Word
from core.plugins.api.manifest import Manifest

STATE_LABELS = {
    State.ON: _l("On"),
    State.OFF: _l("Off"),
    State.QUARANTINED: _l("Quarantined"),
}
STATE_TONES = {State.ON: "good", State.OFF: "quiet", State.QUARANTINED: "bad"}
WORD_LABELS = {
    Word.ON: _l("Switch on"),
    Word.OFF: _l("Switch off"),
    Word.PINNED: _l("Pin: on, and nobody below may change it"),
    Word.FORBIDDEN: _l("Forbid: off, and nobody below may change it"),
    Word.DELEGATED: _l("Delegate: those below choose for themselves"),
}
SAID_LABELS = {
    Word.ON: _l("switched on"),
    Word.OFF: _l("switched off"),
    Word.PINNED: _l("pinned"),
    Word.FORBIDDEN: _l("forbidden"),
    Word.DELEGATED: _l("delegated"),
}
LEVEL_LABELS = {
    "township": _l("Townships and streets"),
    "village": _l("Villages and communities"),
}


_WHY = {
    Because.NOTHING_DECIDED: _l("Nobody has decided about it."),
    Because.LEVEL: _l("It is not made for places of this level."),
    Because.NEEDS: _l("It needs “%(plugin)s”, which is not on here."),
    Because.FAULTS: _l("It failed again and again here and is out of use until it is released."),
}
_SAID_BY = {
    Word.ON: _l("%(place)s switched it on."),
    Word.OFF: _l("%(place)s switched it off."),
    Word.PINNED: _l("%(place)s pinned it."),
    Word.FORBIDDEN: _l("%(place)s forbade it."),
    Word.DELEGATED: _l("%(place)s left it to those below; nobody has switched it on."),
}


def explain(found: Effective, decider: Tenant | None, installed: Mapping[str, Manifest]) -> str:
    """One sentence that says why a plugin is on or off at a place."""
    if found.because is Because.DECIDED and found.decision:
        place = decider.name if decider else ""
        return str(_SAID_BY[found.decision.word]) % {"place": place}
    needed = installed.get(found.lacks)
    title = str(needed.title) if needed else found.lacks
    return str(_WHY[found.because]) % {"plugin": title}
