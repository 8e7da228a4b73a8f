"""The yearly public evaluation (社会评议, N19): what the law says of it, on the kit's votes.

Departments and townships are judged by three grades, with 不了解 beside them, on seven aspects;
never villages, and never persons (N37). The web weighs little unless the office says why.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from core.sdk import (
    GradeScale,
    PluginBlueprint,
    Tenant,
    VoteChannel,
    VoteKind,
    VoteOption,
    VotePlaces,
    VoteWords,
    get_plugin_settings,
    mount_votes,
)

from .i18n import _l
from .manifest import MANAGE, MANIFEST, NAME
from .subjects import list_subjects

#: How much the web may weigh without a reason (percent): who canvasses must not decide.
WEB_MOST = 10

public = PluginBlueprint(MANIFEST, __name__, part="votes")
desk = PluginBlueprint(MANIFEST, __name__, part="vote_desk")


def list_options(session: Session, tenant: Tenant) -> list[VoteOption]:
    """List who can be judged: departments and townships of the place, nobody else."""
    return [
        VoteOption(f"{each.kind}-{each.id}", each.name, each.group)
        for each in list_subjects(session, tenant)
    ]


def find_weight_fault(weights: Mapping[VoteChannel, int], reason: str) -> object:
    """Return what is wrong where the web weighs more than it may without a reason."""
    if weights.get(VoteChannel.WEB, 0) > WEB_MOST and not reason.strip():
        return _l("The web weighs more than %(n)s percent: say why.", n=WEB_MOST)
    return None


SOCIAL_VOTE = VoteKind(
    key=f"{NAME}.vote",
    action=MANAGE,
    words=VoteWords(
        heading=_l("Public votes"),
        about=_l(
            "The yearly public evaluation: first the meeting with printed ballots, the web and the"
            " counter beside it."
        ),
        question=_l("How satisfied are you? If you cannot tell, say so: it lowers no rate."),
        rate=_l("Satisfied or mostly satisfied"),
        method=_l(
            "The rate is the share of those who are satisfied or mostly satisfied. Who does not"
            " know is left out."
        ),
        weights_hint=_l(
            "Who canvasses must not decide: the web weighs at most %(n)s without a reason.",
            n=WEB_MOST,
        ),
        subjects_hint=_l(
            "Only departments and townships of this place are evaluated, no villages and no"
            " persons."
        ),
    ),
    places=VotePlaces(
        public=public.name,
        desk=desk.name,
        nav_key="evaluation",
        console_key="evaluation-votes",
        parent=f"plugin_{NAME}.index",
        parent_label=_l("Supervision and evaluation"),
    ),
    list_options=list_options,
    groups={"department": _l("Departments"), "township": _l("Townships")},
    scale=GradeScale(("satisfied", "mostly"), ("dissatisfied",), ("dont_know",)),
    grades={
        "satisfied": _l("Satisfied"),
        "mostly": _l("Mostly satisfied"),
        "dissatisfied": _l("Dissatisfied"),
        "dont_know": _l("I do not know"),
    },
    channels={
        VoteChannel.MEETING: _l("Meeting (评议会)"),
        VoteChannel.WEB: _l("Web"),
        VoteChannel.PAPER: _l("Paper at the counter"),
    },
    aspects=(
        _l("What must be public is public"),
        _l("It is true and exact"),
        _l("It is published in time"),
        _l("It is easy to find and to read"),
        _l("Requests are answered well"),
        _l("Policies are explained"),
        _l("Advice is taken, faults mended"),
    ),
    usual_weights={VoteChannel.MEETING: 100 - WEB_MOST, VoteChannel.WEB: WEB_MOST},
    minimum=lambda tenant: int(get_plugin_settings(NAME, tenant)["minimum"]),
    find_fault=find_weight_fault,
)

mount_votes(
    SOCIAL_VOTE,
    public,
    "/<code>/evaluation/votes/",
    desk,
    "/<code>/console/evaluation/votes/",
)
