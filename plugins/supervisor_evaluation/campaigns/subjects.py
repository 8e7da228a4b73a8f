"""Who is evaluated: departments and townships of the place, never villages or persons (N37)."""

from collections.abc import Collection, Mapping

from core.sdk import Conflict, Context, Invalid, Level, Organ, Tenant, list_children, list_organs

from ..domain.phases import CampaignState
from ..i18n import _
from ..manifest import MANAGE
from ..models.campaign import EvaluationCampaign, EvaluationSubject

# Committees, supervision and collectives are bodies of villages (村民委员会, 村务监督委员会).
_DEPARTMENTS = frozenset({"government", "department", "vertical"})


def list_departments(ctx: Context) -> list[Organ]:
    """List the offices of the place that can be evaluated."""
    organs = list_organs(ctx.session, ctx.tenant)
    return [organ for organ in organs if organ.kind in _DEPARTMENTS]


def list_townships(ctx: Context) -> list[Tenant]:
    """List the townships below the place."""
    children = list_children(ctx.session, ctx.tenant)
    return [child for child in children if child.level == Level.TOWNSHIP]


def set_subjects(
    ctx: Context,
    campaign: EvaluationCampaign,
    organ_ids: Collection[int],
    township_ids: Collection[int],
) -> None:
    """Make these the subjects of a campaign that has not started.

    Raises `Invalid` for whatever is no department or township of the place: villages and persons
    are never evaluated.
    """
    ctx.require(MANAGE)
    if campaign.state != CampaignState.DRAFT:
        raise Conflict(_("The campaign has started: its subjects are fixed."))
    names = {("department", organ.id): organ.name for organ in list_departments(ctx)}
    names |= {("township", place.id): place.name for place in list_townships(ctx)}
    wanted = {("department", number) for number in organ_ids}
    wanted |= {("township", number) for number in township_ids}
    if not wanted <= names.keys():
        message = _("Only departments and townships of this place are evaluated, no villages and "
                    "no persons.")  # fmt: skip
        raise Invalid({"organs": message})
    for subject in list(campaign.subjects):
        if _key(subject) not in wanted:
            campaign.subjects.remove(subject)
    present = {_key(subject) for subject in campaign.subjects}
    for group, number in sorted(wanted - present):
        owner = "organ_id" if group == "department" else "township_id"
        campaign.subjects.append(
            EvaluationSubject(
                tenant_id=campaign.tenant_id, group=group, name=names[group, number],
                **{owner: number},
            )
        )  # fmt: skip
    ctx.session.flush()


def set_peer_groups(campaign: EvaluationCampaign, words: Mapping[int, str]) -> None:
    """Say with which others each subject is compared, by its id."""
    for subject in campaign.subjects:
        subject.peer_group = words.get(subject.id, subject.peer_group)[:40]


def _key(subject: EvaluationSubject) -> tuple[str, int]:
    return subject.group, subject.organ_id or subject.township_id or 0
