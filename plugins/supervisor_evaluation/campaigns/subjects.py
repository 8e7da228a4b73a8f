"""Who is evaluated: departments and townships of the place, never villages or persons (N37)."""

from collections.abc import Collection, Mapping

from core.sdk import Conflict, Context, Invalid

from ..domain.phases import CampaignState
from ..i18n import _
from ..manifest import MANAGE
from ..models.campaign import EvaluationCampaign, EvaluationSubject
from ..register.subjects import list_subjects


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
    offered = {(row.kind, row.id): row for row in list_subjects(ctx.session, ctx.tenant)}
    wanted = {("organ", number) for number in organ_ids}
    wanted |= {("township", number) for number in township_ids}
    if not wanted <= offered.keys():
        message = _("Only departments and townships of this place are evaluated, no villages and "
                    "no persons.")  # fmt: skip
        raise Invalid({"organs": message})
    for subject in list(campaign.subjects):
        if subject.subject_key not in wanted:
            campaign.subjects.remove(subject)
    present = {subject.subject_key for subject in campaign.subjects}
    for key in sorted(wanted - present):
        row = offered[key]
        campaign.subjects.append(
            EvaluationSubject(
                tenant_id=campaign.tenant_id, group=row.group, name=row.name, **row.columns
            )
        )
    ctx.session.flush()


def set_peer_groups(campaign: EvaluationCampaign, words: Mapping[int, str]) -> None:
    """Say with which others each subject is compared, by its id."""
    for subject in campaign.subjects:
        subject.peer_group = words.get(subject.id, subject.peer_group)[:40]
