"""The steps of a place's reviews: the nearest setting along its chain, and how it is changed."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.errors import Invalid
from core.permissions import Action
from core.publishing.models import Publication
from core.publishing.workflow.review_steps import (
    MOST_STEPS,
    PlanFault,
    ReviewStep,
    find_plan_fault,
    read_steps,
    steps_at,
    to_stored,
)
from core.tenancy.service import load_chain
from core.web.context import Context

_FAULTS = {
    PlanFault.NONE: _l("At least one step is needed."),
    PlanFault.TOO_MANY: _l("At most %(n)s steps.", n=MOST_STEPS),
    PlanFault.NO_NAME: _l("Give each step a name."),
    PlanFault.NO_ACCOUNT: _l("At least one step must be taken by another person's account."),
}


def load_steps(session: Session, tenant: Tenant) -> tuple[ReviewStep, ...]:
    """Load who reviews in turn (一审 to 三审): the nearest setting, one step without any."""
    for node in reversed(load_chain(session, tenant)):
        if steps := steps_at(read_steps(node.profile), tenant.level):
            return steps
    return (ReviewStep(),)


def find_step(session: Session, publication: Publication) -> ReviewStep:
    """Return the step that a publication waits for; the last one where steps were taken away."""
    steps = load_steps(session, publication.tenant)
    return steps[min(publication.review_step, len(steps)) - 1]


def save_steps(ctx: Context, steps: Sequence[ReviewStep]) -> None:
    """Set the steps of the place and of those below that set none; raises `Invalid`.

    No steps at all: what is set above holds again.
    """
    ctx.require(Action.MANAGE_TENANT)
    tenant = ctx.session.get_one(Tenant, ctx.tenant.id)  # the request's own may be read only
    profile = {
        name: value
        for name, value in tenant.profile.items()
        if name not in {"review_plan", "review_steps"}
    }
    if steps:
        fault = find_plan_fault(steps)
        if fault is not None:
            raise Invalid({"steps": str(_FAULTS[fault])})
        profile["review_plan"] = to_stored(steps)
    tenant.profile = profile
    ctx.audit("publication.review_plan", ctx.tenant.division_code, steps=to_stored(steps))


def name_step(number: int, step: ReviewStep) -> str:
    """Return the name of a step; of one that has none, its number."""
    return step.name or _("step %(n)s", n=number)
