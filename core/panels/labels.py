"""What states, demands and faults of indicators are called."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from core.panels.domain.indicators import IndicatorFault, IndicatorProblem, VersionState

VERSION_STATES = {
    VersionState.DRAFT: (_l("Draft"), "quiet"),
    VersionState.COMMENT: (_l("Circulated for comment"), "warn"),
    VersionState.IN_FORCE: (_l("In force"), "good"),
    VersionState.SUPERSEDED: (_l("Superseded"), "quiet"),
}
ALL = _l("All")
EVIDENCE = {"none": _l("Not needed"), "wanted": _l("Wanted"), "demanded": _l("Demanded")}
SOURCES = {"scored": _l("Scored by supervisors"), "objective": _l("Measured by the system")}
PROBLEMS = {
    IndicatorProblem.NONE_THERE: _l("There is no indicator yet."),
    IndicatorProblem.TOO_MANY: _l("There are more than %(number)s indicators."),
    IndicatorProblem.NAME_TWICE: _l("Two indicators are called %(name)s."),
    IndicatorProblem.NO_NAME: _l("An indicator has no name."),
    IndicatorProblem.NO_WEIGHT: _l("%(name)s: the weight is missing."),
    IndicatorProblem.FEW_ANCHORS: _l("%(name)s: describe at least two points of the scale."),
    IndicatorProblem.SAME_POINTS: _l("%(name)s: two anchors have the same points."),
    IndicatorProblem.POINTS_OUTSIDE: _l("%(name)s: points lie between 0 and 100."),
    IndicatorProblem.NOT_WHOLE: _l("%(name)s: the weights sum to %(number)s, not to 100."),
}


def say_indicator_fault(fault: IndicatorFault, groups: Mapping[str, Any]) -> str:
    """Say in words what keeps indicators from being put in force."""
    name = str(groups.get(fault.name, fault.name))
    return str(PROBLEMS[fault.problem]) % {"name": name, "number": fault.number}
