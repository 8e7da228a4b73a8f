"""A campaign from its draft to publication: its subjects, its phases, its dates."""

import secrets
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from core import sdk
from core.sdk import Conflict, Context, Invalid, Tenant, today, utc_now

from ..domain.phases import (
    CAMPAIGN_TRANSITIONS,
    ENDED_BY,
    RUNNING,
    CampaignState,
    CampaignTransition,
    PhaseDates,
    end_of_phase,
    end_of_verification,
    find_date_faults,
    find_due,
    may_end,
    move_on,
    plan_dates,
)
from ..i18n import _
from ..indicators import LIBRARY, load_indicators
from ..manifest import MANAGE, NAME
from ..models.campaign import EvaluationCampaign, EvaluationSubject
from ..results.publishing import publish_results
from ..subjects import list_subjects
from .assigning import draw_assignments
from .disputes import disclose_reasons
from .notices import tell_phase, to_notice_subject
from .queries import load_progress

WORKFLOW = sdk.Workflow(CAMPAIGN_TRANSITIONS)
_SUBJECTS = ("organs", "townships")
_CLONED = ("introduction", "scores_per_subject", "minimum", "level")


def working_day_after(start: date, count: int) -> date:
    """Return the day that lies so many working days after a day, by the State Council's days."""
    return sdk.add_working_days(start, count).end


def propose_dates(start: date) -> PhaseDates:
    """Propose the dates of a campaign that starts on a day."""
    return plan_dates(start, working_day_after)


def create_campaign(ctx: Context, values: Mapping[str, Any]) -> EvaluationCampaign:
    """Create a draft; `values` are columns, its dates without that of verification.

    Raises `Invalid` with the date that does not follow the one before it.
    """
    ctx.require(MANAGE)
    campaign = EvaluationCampaign(tenant_id=ctx.tenant.id)
    ctx.session.add(campaign)
    _set_values(campaign, values)
    ctx.session.flush()
    ctx.audit(f"{NAME}.campaign_created", str(campaign.id))
    return campaign


def edit_campaign(ctx: Context, campaign: EvaluationCampaign, values: Mapping[str, Any]) -> None:
    """Change a draft; raises `Conflict` once it has started, and `Invalid`."""
    ctx.require(MANAGE)
    if campaign.state != CampaignState.DRAFT:
        raise Conflict(_("The campaign has started: it can no longer be changed."))
    _set_values(campaign, values)
    ctx.session.flush()


def save_campaign(
    ctx: Context, campaign: EvaluationCampaign | None, values: Mapping[str, Any]
) -> EvaluationCampaign:
    """Create or change a draft with the subjects that were chosen; raises `Conflict`, `Invalid`."""
    columns = {name: value for name, value in values.items() if name not in _SUBJECTS}
    if campaign is None:
        campaign = create_campaign(ctx, columns)
    else:
        edit_campaign(ctx, campaign, columns)
    set_subjects(ctx, campaign, *(values[name] for name in _SUBJECTS))
    return campaign


def _set_values(campaign: EvaluationCampaign, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(campaign, name, value)
    campaign.verify_until = end_of_verification(campaign.scoring_until, working_day_after)
    if campaign.scores_per_subject < campaign.minimum:
        message = _("At least as many as the answers below which nothing is shown (%(n)s).",
                    n=campaign.minimum)  # fmt: skip
        raise Invalid({"scores_per_subject": message})
    if faults := list(find_date_faults(campaign.dates)):
        raise Invalid({name: _say_date_fault(campaign.dates, name) for name in faults})


def _say_date_fault(dates: PhaseDates, name: str) -> str:
    if name == "reply_until":
        return _("This must lie after the three working days in which facts are checked; they end "
                 "on %(day)s.", day=dates.verify_until)  # fmt: skip
    return _("This must lie after the phase before.")


def clone_campaign(ctx: Context, old: EvaluationCampaign) -> EvaluationCampaign:
    """Create next year's draft: the same subjects in their groups, with new dates.

    Departments and townships that are gone are left out; the indicators are those in force when
    it starts.
    """
    dates = propose_dates(max(today(), old.self_until + timedelta(days=365 - 14)))
    planned = {name: day for name, day in dates.in_order() if name != "verify_until"}
    title = old.title.replace(str(old.year), str(old.year + 1))
    copied = {name: getattr(old, name) for name in _CLONED}
    campaign = create_campaign(
        ctx, copied | planned | {"title": title, "year": old.year + 1, "cloned_from_id": old.id}
    )
    _clone_subjects(ctx, campaign, old)
    return campaign


def _clone_subjects(ctx: Context, campaign: EvaluationCampaign, old: EvaluationCampaign) -> None:
    there = {(row.kind, row.id) for row in list_subjects(ctx.session, ctx.tenant)}
    kept = there & {subject.subject_key for subject in old.subjects}
    set_subjects(
        ctx,
        campaign,
        [number for kind, number in kept if kind == "organ"],
        [number for kind, number in kept if kind == "township"],
    )
    peers = {(row.organ_id, row.township_id): row.peer_group for row in old.subjects}
    for subject in campaign.subjects:
        subject.peer_group = peers[subject.organ_id, subject.township_id]
    ctx.session.flush()


def start_campaign(ctx: Context, campaign: EvaluationCampaign) -> None:
    """Start with the self-assessment, and fix the indicators that are in force today.

    The seed is drawn once and published with the results. Raises `Conflict`.
    """
    ctx.require(MANAGE)
    indicator_set = LIBRARY.find_in_force(ctx.session, ctx.tenant)
    if indicator_set is None:
        raise Conflict(_("No indicators are in force here."))
    if not campaign.subjects:
        raise Conflict(_("Choose the departments and townships first."))
    if campaign.self_until < today():
        raise Conflict(_("The self-assessment would be over already: set new dates."))
    campaign.indicator_set = indicator_set
    indicators = load_indicators(campaign)
    for group in {subject.group for subject in campaign.subjects}:
        if not any(each.is_for(group) for each in indicators):
            raise Conflict(_("The indicators in force judge only one of the two groups."))
    campaign.seed, campaign.started_at = secrets.token_hex(16), utc_now()
    make_transition(ctx, campaign, CampaignTransition.START, today())


def cancel_campaign(ctx: Context, campaign: EvaluationCampaign, reason: str) -> None:
    """Cancel a campaign, with a reason; its scores stay, and nothing of them is shown."""
    ctx.require(MANAGE)
    campaign.state_reason = reason
    sdk.cancel_notices(ctx.session, ctx.tenant, to_notice_subject(campaign))
    make_transition(ctx, campaign, CampaignTransition.CANCEL, today())


def advance_campaign(ctx: Context, campaign: EvaluationCampaign) -> None:
    """End the present phase and begin the next.

    Raises `Conflict` before its last day: while something is awaited, and always in the phases
    that are a right of the subjects.
    """
    ctx.require(MANAGE)
    transition = find_next(CampaignState(campaign.state))
    if transition is None:
        raise Conflict(_("No phase is running that could be ended."))
    if not may_end_now(ctx.session, campaign):
        last_day = end_of_phase(CampaignState(campaign.state), campaign.dates)
        raise Conflict(_("This phase ends on %(day)s, not before.", day=last_day))
    make_transition(ctx, campaign, transition, today())


def publish_campaign(ctx: Context, campaign: EvaluationCampaign) -> None:
    """Publish the results once the right of reply is over.

    Raises `Conflict` before, and while errors of fact or replies wait for a decision.
    """
    ctx.require(MANAGE)
    if campaign.state != CampaignState.REPLY or today() <= campaign.reply_until:
        raise Conflict(_("Results are published once the right of reply is over."))
    progress = load_progress(ctx.session, campaign)
    replies = [row.reply_state for row in progress.statements.values()]
    if any(progress.open_notes.values()) or "submitted" in replies:
        raise Conflict(_("Errors of fact and replies have to be decided on first."))
    publish_results(ctx, campaign)
    campaign.published_at = utc_now()
    make_transition(ctx, campaign, CampaignTransition.PUBLISH, today())


def find_next(state: CampaignState) -> CampaignTransition | None:
    """Return what ends the present phase; publication is an act of its own."""
    return next((each for each in ENDED_BY if WORKFLOW.can(state, each)), None)


def may_end_now(session: Session, campaign: EvaluationCampaign) -> bool:
    """Tell whether the present phase may be ended today."""
    progress = load_progress(session, campaign)
    awaited = progress.unsubmitted
    if campaign.state == CampaignState.SELF_ASSESSMENT:
        awaited = len(campaign.subjects) - progress.count_self_assessments()
    return may_end(CampaignState(campaign.state), campaign.dates, today(), awaited)


def make_transition(
    ctx: Context, campaign: EvaluationCampaign, transition: CampaignTransition, ended_on: date
) -> None:
    """Bring a campaign into its next state with all that belongs to it; raises `TransitionError`.

    `ended_on` is the day on which the phase before has ended.
    """
    before = CampaignState(campaign.state)
    after = WORKFLOW.next_state(before, transition)
    dates = move_on(campaign.dates, transition, ended_on, working_day_after)
    for name, day in dates.in_order():
        setattr(campaign, name, day)
    campaign.state = after
    if transition is CampaignTransition.OPEN_SCORING:
        draw_assignments(ctx, campaign)
    if transition is CampaignTransition.CLOSE_SCORING:
        disclose_reasons(ctx.session, campaign)
    ctx.session.flush()
    ctx.audit(f"{NAME}.campaign_{transition}", str(campaign.id), before=before, after=after)
    if transition is not CampaignTransition.CANCEL:
        tell_phase(ctx.session, ctx.tenant, campaign)


def make_due_moves(session: Session, tenant: Tenant) -> None:
    """Bring the campaigns of a place to where their dates say they are (at night)."""
    query = select(EvaluationCampaign).where(
        EvaluationCampaign.tenant_id == tenant.id, EvaluationCampaign.state.in_(RUNNING)
    )
    ctx = Context(session, tenant, sdk.OPERATOR)
    for campaign in session.scalars(query).all():
        due = find_due(CampaignState(campaign.state), campaign.dates, today())
        if due is not None:
            last_day = end_of_phase(CampaignState(campaign.state), campaign.dates)
            yesterday = today() - timedelta(days=1)
            make_transition(ctx, campaign, due, max(last_day or yesterday, yesterday))


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
    present = {subject.subject_key for subject in campaign.subjects}
    if present != wanted:
        _raise_version(campaign)
    for subject in list(campaign.subjects):
        if subject.subject_key not in wanted:
            campaign.subjects.remove(subject)
    for key in sorted(wanted - present):
        row = offered[key]
        campaign.subjects.append(
            EvaluationSubject(
                tenant_id=campaign.tenant_id, group=row.group, name=row.name, **row.columns
            )
        )
    ctx.session.flush()


def set_peer_groups(ctx: Context, campaign: EvaluationCampaign, words: Mapping[int, str]) -> None:
    """Say with which others each subject is compared, by its id; raises `Conflict` once public."""
    ctx.require(MANAGE)
    if campaign.state == CampaignState.PUBLISHED:
        raise Conflict(_("The results are published: this can no longer be changed."))
    ctx.audit(f"{NAME}.peer_groups", str(campaign.id))
    _raise_version(campaign)
    for subject in campaign.subjects:
        subject.peer_group = words.get(subject.id, subject.peer_group)[:40]


def _raise_version(campaign: EvaluationCampaign) -> None:
    """Let whoever looks at the campaign as it was learn of a change in its subjects alone."""
    flag_modified(campaign, "title")
