"""A supervisor's scores of one subject: the form, its rules, and handing it in once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import (
    Conflict,
    Context,
    Form,
    FormData,
    Indicator,
    Invalid,
    NotFound,
    fields,
    today,
    utc_now,
)

from ..domain.phases import RUNNING, AssignmentState, AssignmentTransition, CampaignState
from ..i18n import _, _l
from ..manifest import NAME
from ..models.campaign import (
    EvaluationAssignment,
    EvaluationCampaign,
    EvaluationEvidence,
    EvaluationScore,
    EvaluationSubject,
)
from ..models.register import EvaluationSupervisor
from ..register import load_conflicts
from .assigning import LIVE, change_state, is_scoring_open

NOT_SEEN = "unseen"
MOST_PHOTOS, MOST_LINKS, LONGEST_LINK = 6, 10, 500


class LinksField(fields.LinesField):
    """Addresses of pages, one a line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(MOST_LINKS, LONGEST_LINK, **options)

    def parse(self, typed: str) -> list[str]:
        """Return the addresses; raises what is no address of a page."""
        links = super().parse(typed)
        for link in links:
            if urlsplit(link).scheme not in {"http", "https"} or not urlsplit(link).netloc:
                raise ValueError(link)
        return links

    def explain(self) -> str:
        """Return the message for what is no address."""
        return _("Enter addresses that begin with http:// or https://, one a line.")


class ScoreForm(Form):
    """What is asked once of a subject; the fields of its indicators are added."""

    text = fields.TextField(2_000)
    visited_on = fields.DayField()
    photos = fields.FilesField(MOST_PHOTOS)


class DeclineForm(Form):
    """Why a supervisor declines to score a subject."""

    reason = fields.LineField(300, required=_l("Say why."))


def build_score_form(indicators: Iterable[Indicator]) -> type[ScoreForm]:
    """Return the form that asks for points, reason, links and photographs by indicator."""
    extra: dict[str, Any] = {}
    for each in indicators:
        offered = [*(str(anchor.points) for anchor in each.anchors), NOT_SEEN]
        missing = _l("Choose how many points you give, or that you have not seen it.")
        extra[f"points-{each.key}"] = fields.ChoiceField(offered, required=missing)
        extra[f"reason-{each.key}"] = fields.TextField(1_000)
        extra[f"links-{each.key}"] = LinksField()
        extra[f"photos-{each.key}"] = fields.FilesField(MOST_PHOTOS)
    return ScoreForm.extend(extra)


@dataclass(frozen=True, slots=True)
class GivenScore:
    """What was given for one indicator; `points` is `None` where it was not seen."""

    indicator: Indicator
    points: int | None
    reason: str
    links: list[str]
    photos: list[sdk.CheckedFile]


def read_scores(
    indicators: Sequence[Indicator], assignment: EvaluationAssignment
) -> tuple[FormData, list[GivenScore], list[sdk.CheckedFile]]:
    """Read the posted form: its data with all faults, the scores, photographs of the whole."""
    form = build_score_form(indicators).read()
    given = [_read_score(form, indicator) for indicator in indicators]
    photos = _read_photos(form, "photos")
    if assignment.kind != "regular":
        if form.values["visited_on"] is None:
            form.errors.setdefault("visited_on", _("Enter the day of your visit."))
        elif form.values["visited_on"] > today():
            form.errors["visited_on"] = _("This day is still to come.")
        if not photos and not any(score.photos for score in given):
            form.errors.setdefault("photos", _("A visit is shown by at least one photograph."))
    if given and "points" not in str(form.errors) and all(s.points is None for s in given):
        first = f"points-{indicators[0].key}"
        form.errors.setdefault(first, _("You have seen nothing of it: decline instead."))
    return form, given, photos


def _read_score(form: FormData, indicator: Indicator) -> GivenScore:
    """Read one indicator; less than the most points needs a reason that can be checked."""
    key = indicator.key
    chosen, reason = form.values[f"points-{key}"], form.values[f"reason-{key}"]
    links, photos = form.values[f"links-{key}"], _read_photos(form, f"photos-{key}")
    points = int(chosen) if chosen and chosen != NOT_SEEN else None
    if points is not None:
        if points < indicator.most and not reason:
            form.errors.setdefault(f"reason-{key}", _("Say what is missing, so that it can be "
                                                      "checked and mended."))  # fmt: skip
        if indicator.evidence is sdk.EvidenceDemand.DEMANDED and not links and not photos:
            form.errors.setdefault(f"links-{key}", _("Evidence is demanded here: give an address "
                                                     "or a photograph."))  # fmt: skip
    return GivenScore(indicator, points, reason, links, photos)


def _read_photos(form: FormData, name: str) -> list[sdk.CheckedFile]:
    """Check photographs; they are encoded anew, without position, time and device."""
    checked = []
    for file in form.values[name]:
        try:
            photo = sdk.check_file(
                file.filename or "", file.read(), most_bytes=sdk.current_settings().max_upload_bytes
            )
        except Invalid as error:
            form.errors.setdefault(name, error.fields.get("file") or error.message)
            continue
        if photo.is_photograph:
            checked.append(photo)
        else:
            form.errors.setdefault(name, _("This is no photograph."))
    return checked


def submit_scores(
    ctx: Context,
    assignment: EvaluationAssignment,
    given: Iterable[GivenScore],
    photos: Iterable[sdk.CheckedFile],
    values: Mapping[str, Any],
) -> None:
    """Store the scores of an assignment, once.

    Raises `Conflict` where they are in already, scoring is not open, or the supervisor must not
    judge the subject.
    """
    check_open(ctx, assignment)
    change_state(
        ctx.session, assignment, AssignmentTransition.SUBMIT, submitted_at=utc_now(),
        text=values["text"], visited_on=values["visited_on"],
    )  # fmt: skip
    for each in given:
        score = EvaluationScore(
            tenant_id=assignment.tenant_id, indicator=each.indicator.key, points=each.points,
            reason=each.reason, links=each.links,
        )  # fmt: skip
        assignment.scores.append(score)
        _add_photos(ctx, assignment, each.indicator.key, each.photos)
    _add_photos(ctx, assignment, "", photos)
    ctx.session.flush()


def check_open(ctx: Context, assignment: EvaluationAssignment) -> None:
    """Raise `Conflict` unless the assignment can be scored today."""
    if not is_scoring_open(assignment.subject.campaign, today()):
        raise Conflict(_("Scoring is over, or has not begun."))
    supervisor = ctx.session.get_one(EvaluationSupervisor, assignment.supervisor_id)
    if supervisor.state != "appointed":
        raise Conflict(_("You are not appointed at present."))
    pair = (assignment.supervisor_id, *assignment.subject.subject_key)
    if pair in load_conflicts(ctx.session, ctx.tenant):
        raise Conflict(_("You have declared a conflict of interest with this subject: decline."))


def _add_photos(
    ctx: Context,
    assignment: EvaluationAssignment,
    indicator: str,
    photos: Iterable[sdk.CheckedFile],
) -> None:
    for number, photo in enumerate(photos, 1):
        ctx.session.add(
            EvaluationEvidence(
                tenant_id=assignment.tenant_id, assignment_id=assignment.id, indicator=indicator,
                name=f"{number}", digest=sdk.file_store().put(photo.data),
                media_type=photo.media_type, size=len(photo.data),
            )
        )  # fmt: skip


def get_own_assignment(
    session: Session, supervisor: EvaluationSupervisor, number: int
) -> EvaluationAssignment:
    """Return an assignment of the supervisor; raises `NotFound`."""
    assignment = session.get(EvaluationAssignment, number)
    if assignment is None or assignment.supervisor_id != supervisor.id:
        raise NotFound
    return assignment


def list_own_assignments(
    session: Session, supervisor: EvaluationSupervisor
) -> Sequence[EvaluationAssignment]:
    """List what a supervisor has to score or has scored in campaigns that run."""
    query = (
        select(EvaluationAssignment)
        .join(EvaluationAssignment.subject)
        .join(EvaluationSubject.campaign)
        .where(
            EvaluationAssignment.supervisor_id == supervisor.id,
            EvaluationAssignment.state.in_(LIVE),
            EvaluationCampaign.state.in_(_SHOWN),
        )
        .order_by(EvaluationCampaign.id.desc(), EvaluationSubject.group, EvaluationSubject.id)
    )
    return session.scalars(query).all()


# Before scoring begins nobody is told whom to score: a mystery visit stays one.
_SHOWN = RUNNING - {CampaignState.SELF_ASSESSMENT}


def load_others(
    session: Session, assignment: EvaluationAssignment
) -> dict[str, list[int | None]] | None:
    """Load what all have given the subject by indicator, sorted, without names.

    `None` before one's own scores are in, and while there are fewer than the campaign's minimum.
    """
    if assignment.state != AssignmentState.SUBMITTED:
        return None
    query = (
        select(EvaluationScore.assignment_id, EvaluationScore.indicator, EvaluationScore.points)
        .join(EvaluationAssignment, EvaluationAssignment.id == EvaluationScore.assignment_id)
        .where(
            EvaluationAssignment.subject_id == assignment.subject_id,
            EvaluationAssignment.state == AssignmentState.SUBMITTED,
        )
    )
    rows = session.execute(query).all()
    if len({scorer for scorer, _key, _points in rows}) < assignment.subject.campaign.minimum:
        return None
    points: dict[str, list[int | None]] = defaultdict(list)
    for _scorer, key, value in sorted(rows, key=lambda row: (row[1], row[2] is None, row[2] or 0)):
        points[key].append(value)
    return points


def name_draft(assignment: EvaluationAssignment) -> str:
    """Name the draft on the device: the link and the subject stay out of it."""
    return sdk.keyed_digest(f"{NAME}.draft", str(assignment.id))[:16]
