"""Which plugin is on at a node of the tree, and why (pure)."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Policy(StrEnum):
    """What somebody decided about a plugin at a node."""

    ON = "on"
    OFF = "off"
    PINNED = "pinned"
    FORBIDDEN = "forbidden"
    DELEGATED = "delegated"


class State(StrEnum):
    """What holds at a node."""

    ON = "on"
    OFF = "off"
    QUARANTINED = "quarantined"


class Reason(StrEnum):
    """Why it holds."""

    NOTHING_DECIDED = "nothing_decided"
    DECIDED = "decided"
    LEVEL = "level"
    NEEDS = "needs"
    FAULTS = "faults"


BINDING = frozenset({Policy.PINNED, Policy.FORBIDDEN})
_ON = frozenset({Policy.ON, Policy.PINNED})


@dataclass(frozen=True, slots=True)
class Decision:
    """One policy, of the county (or the operator) or of the node's own people.

    The two stand beside each other: what a township chooses never covers up what the county said
    there. Own people say only on or off.
    """

    node: int
    policy: Policy
    own: bool = False


# The decisions about one plugin by node; at a node the county's policy stands before its own.
Decisions = Mapping[int, Sequence[Decision]]


@dataclass(frozen=True, slots=True)
class NodeRef:
    """A node: ids from the root to itself, and its level."""

    chain: tuple[int, ...]
    level: str


@dataclass(frozen=True, slots=True)
class Constraints:
    """Where a plugin can be on at all, and with which others."""

    levels: Container[str]
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyOutcome:
    """What the decisions on a chain come to.

    `may_choose`: people of the node itself may switch both ways; `is_binding`: nobody below may
    differ.
    """

    decision: Decision | None = None
    may_choose: bool = False
    is_binding: bool = False

    @property
    def is_on(self) -> bool:
        return self.decision is not None and self.decision.policy in _ON


@dataclass(frozen=True, slots=True)
class Activation:
    """The state at a node, why, the decision that it comes from, and what it needs and lacks."""

    state: State
    reason: Reason
    decision: Decision | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class PolicySnapshot:
    """All inputs of the resolver: constraints, decisions and quarantines."""

    constraints: Mapping[str, Constraints]
    decisions: Mapping[str, Decisions]
    quarantined: Mapping[int, Container[str]]

    def outcome(self, name: str, chain: Sequence[int]) -> PolicyOutcome:
        """Fold the decisions about a plugin along a chain."""
        return fold_policies(self.decisions.get(name, {}), chain)


def fold_policies(decisions: Decisions, chain: Sequence[int]) -> PolicyOutcome:
    """Fold the decisions from the root down: the nearest holds, none differs below a binding one.

    `DELEGATED` does not change the state. It allows the node and its descendants to set their own
    `ON`; their own `OFF` is always respected. A later county decision ends the delegation.
    """
    now = PolicyOutcome()
    for decision in _in_order(decisions, chain):
        if decision.policy in BINDING:
            return PolicyOutcome(decision, is_binding=True)
        if decision.policy is Policy.DELEGATED:
            held = now.decision if _is_switch(now.decision) else decision
            now = PolicyOutcome(held, may_choose=True)
        elif not decision.own:
            now = PolicyOutcome(decision)
        elif now.may_choose or decision.policy is Policy.OFF:
            now = PolicyOutcome(decision, may_choose=now.may_choose)
    return now


def _in_order(decisions: Decisions, chain: Sequence[int]) -> Iterator[Decision]:
    for node in chain:
        yield from decisions.get(node, ())


def _is_switch(decision: Decision | None) -> bool:
    return decision is not None and decision.policy is not Policy.DELEGATED


def resolve_activation(policies: PolicySnapshot, name: str, node: NodeRef) -> Activation:
    """Resolve the state of an installed plugin at a node, and why."""
    return _resolve(policies, name, node, ())


def _resolve(
    policies: PolicySnapshot, name: str, node: NodeRef, asked: tuple[str, ...]
) -> Activation:
    constraints = policies.constraints[name]
    outcome = policies.outcome(name, node.chain)
    if not outcome.is_on:
        reason = Reason.DECIDED if outcome.decision else Reason.NOTHING_DECIDED
        return Activation(State.OFF, reason, outcome.decision)
    if node.level not in constraints.levels:
        return Activation(State.OFF, Reason.LEVEL, outcome.decision)
    missing = _find_missing(policies, constraints, node, (*asked, name))
    if missing is not None:
        return Activation(State.OFF, Reason.NEEDS, outcome.decision, missing)
    if name in policies.quarantined.get(node.chain[-1], ()):
        return Activation(State.QUARANTINED, Reason.FAULTS, outcome.decision)
    return Activation(State.ON, Reason.DECIDED, outcome.decision)


def _find_missing(
    policies: PolicySnapshot, constraints: Constraints, node: NodeRef, asked: tuple[str, ...]
) -> str | None:
    """Find the first required plugin that is not on here; a circle of requirements is never on."""
    for other in constraints.requires:
        if other in asked or other not in policies.constraints:
            return other
        if _resolve(policies, other, node, asked).state is not State.ON:
            return other
    return None


class Refusal(StrEnum):
    """Why somebody may not set a policy."""

    BOUND = "bound"
    NOT_DELEGATED = "not_delegated"
    COUNTY_ONLY = "county_only"


def find_refusal(
    decisions: Decisions, chain: Sequence[int], policy: Policy | None, *, own: bool
) -> Refusal | None:
    """Find why this policy cannot be set at the end of the chain; `None` takes one's policy back.

    Below a pin or a ban nobody says anything else; at the node itself only its own people are
    bound by it. They say no more than on or off, and on only where that is left to them.
    """
    above = fold_policies(decisions, chain[:-1])
    if (
        above.is_binding
        and policy is not None
        and above.decision
        and policy is not above.decision.policy
    ):
        return Refusal.BOUND
    if not own or policy is None:
        return None
    if policy not in {Policy.ON, Policy.OFF}:
        return Refusal.COUNTY_ONLY
    here = fold_policies(decisions, chain)
    if here.is_binding:
        return Refusal.BOUND
    if policy is Policy.ON and not here.may_choose:
        return Refusal.NOT_DELEGATED
    return None
