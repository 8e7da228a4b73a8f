"""States of plugins for people: words, and sentences that say why."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from core.db.tree import Tenant
from core.plugins.activation.rules import Activation, Policy, Reason, State
from core.plugins.api.manifest import Manifest

STATE_LABELS = {
    State.ON: _l("On"),
    State.OFF: _l("Off"),
    State.QUARANTINED: _l("Quarantined"),
}
STATE_TONES = {State.ON: "good", State.OFF: "quiet", State.QUARANTINED: "bad"}
POLICY_LABELS = {
    Policy.ON: _l("Switch on"),
    Policy.OFF: _l("Switch off"),
    Policy.PINNED: _l("Pin: on, and nobody below may change it"),
    Policy.FORBIDDEN: _l("Forbid: off, and nobody below may change it"),
    Policy.DELEGATED: _l("Delegate: those below choose for themselves"),
}
POLICY_DONE_LABELS = {
    Policy.ON: _l("switched on"),
    Policy.OFF: _l("switched off"),
    Policy.PINNED: _l("pinned"),
    Policy.FORBIDDEN: _l("forbidden"),
    Policy.DELEGATED: _l("delegated"),
}
LEVEL_LABELS = {
    "township": _l("Townships and streets"),
    "village": _l("Villages and communities"),
}


_WHY = {
    Reason.NOTHING_DECIDED: _l("Nobody has decided about it."),
    Reason.LEVEL: _l("It is not made for places of this level."),
    Reason.NEEDS: _l("It needs “%(plugin)s”, which is not on here."),
    Reason.FAULTS: _l("It failed again and again here and is out of use until it is released."),
}
_DECIDED_BY = {
    Policy.ON: _l("%(place)s switched it on."),
    Policy.OFF: _l("%(place)s switched it off."),
    Policy.PINNED: _l("%(place)s pinned it."),
    Policy.FORBIDDEN: _l("%(place)s forbade it."),
    Policy.DELEGATED: _l("%(place)s left it to those below; nobody has switched it on."),
}


def explain_activation(
    found: Activation, decider: Tenant | None, installed: Mapping[str, Manifest]
) -> str:
    """One sentence that says why a plugin is on or off at a place."""
    if found.reason is Reason.DECIDED and found.decision:
        place = decider.name if decider else ""
        return str(_DECIDED_BY[found.decision.policy]) % {"place": place}
    needed = installed.get(found.missing)
    title = str(needed.title) if needed else found.missing
    return str(_WHY[found.reason]) % {"plugin": title}
