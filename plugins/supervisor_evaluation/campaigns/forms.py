"""The forms of those who run a campaign."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from core.sdk import Context, Form, fields

from ..domain.phases import LEAST_MINIMUM, LEVELS
from ..i18n import _, _l
from ..subjects import list_subjects

_DAY = _l("Enter the day.")


class CampaignForm(Form):
    """A draft: what it is called, who is evaluated, when, and what will be published."""

    title = fields.LineField(100, required=_l("Enter a title."))
    year = fields.NumberField(2000, 2199, required=_l("Enter the year."))
    introduction = fields.TextField(4_000)
    plan_number = fields.LineField(100)
    organs = fields.ChoicesField()
    townships = fields.ChoicesField()
    self_until = fields.DayField(required=_DAY)
    scoring_until = fields.DayField(required=_DAY)
    reply_until = fields.DayField(required=_DAY)
    publish_on = fields.DayField(required=_DAY)
    scores_per_subject = fields.NumberField(1, 50, required=_l("Enter how many."))
    minimum = fields.NumberField(LEAST_MINIMUM, 50, required=_l("Enter how many."))
    level = fields.ChoiceField(LEVELS, default="grades")


class PeersForm(Form):
    """With whom each subject is compared, by its id."""

    peer = fields.KeyedField(40)


class ReasonForm(Form):
    """An act that needs a reason."""

    reason = fields.LineField(300, required=_l("Say why."))


class SwapForm(ReasonForm):
    """Who takes over an assignment."""

    supervisor = fields.NumberField(1, 10**9, required=_l("Choose a supervisor."))


class VisitsForm(Form):
    """Where one more supervisor goes, and how."""

    kind = fields.ChoiceField(("spot_check", "mystery_visit"), required=_l("Choose how."))
    subjects = fields.TickedIdsField()

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check that somebody is sent anywhere."""
        if not values["subjects"]:
            yield "subjects", _("Tick at least one subject.")


class PointsDecisionForm(Form):
    """A decision on an error of fact, or on points, with its reason."""

    verdict = fields.ChoiceField(("accepted", "refused"), default="accepted")
    points = fields.LineField(10)
    reason = fields.TextField(1_000, required=_l("Say why."))
    decided_by = fields.LineField(100)


class StatementReviewForm(Form):
    """Whether a reply is accepted."""

    act = fields.ChoiceField(("accept", "return"), required=_l("Accept or return the reply."))
    reason = fields.LineField(500)


def load_choices(ctx: Context) -> dict[str, list[dict[str, Any]]]:
    """Load which departments and townships there are."""
    rows = list_subjects(ctx.session, ctx.tenant)
    return {
        name: [{"value": row.id, "label": row.name} for row in rows if row.kind == kind]
        for name, kind in (("organs", "organ"), ("townships", "township"))
    }


def offered(choices: Mapping[str, list[dict[str, Any]]]) -> dict[str, Collection[Any]]:
    """Return the values that the form's choices offer, by field."""
    return {name: [option["value"] for option in options] for name, options in choices.items()}
