"""Supervisor evaluations (监督员评议, 社会评议): what the plugin is, where it takes part."""

from collections.abc import Iterable

import click
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Tenant, tenant_url

from . import search
from .campaigns.notices import remind_supervisors
from .findings import FINDINGS, TIP
from .i18n import _
from .indicators import LIBRARY
from .manifest import MANIFEST, NAME
from .models import campaign, findings, register
from .register import REGISTER

__all__ = ["MANIFEST"]

PAGES = (
    "public.overview:blueprint", "console.register:application", "public.desk:blueprint",
    "public.scoring:blueprint", "public.transparency:blueprint", "public.results:blueprint",
    "votes:public", "console.register:blueprint", "console.campaigns:blueprint",
    "console.assignments:blueprint", "console.subjects:blueprint", "console.answers:blueprint",
    "console.navigation:findings", "console.navigation:indicators",
    "console.navigation:public_indicators", "console.results:blueprint", "votes:desk",
)  # fmt: skip
# Those that others point to come last.
TABLES_TO_ERASE = (
    campaign.EvaluationScoreChange, campaign.EvaluationScore, campaign.EvaluationEvidence,
    campaign.EvaluationAssignment, campaign.FactNote, campaign.SubjectStatement,
    campaign.EvaluationSubject, campaign.EvaluationCampaign,
    findings.FindingFile, findings.EvaluationFinding,
    register.ConflictOfInterest, register.EvaluationSupervisor, campaign.IndicatorSet,
)  # fmt: skip


@sdk.hookimpl
def blueprints() -> Iterable[str]:
    return PAGES


@sdk.hookimpl
def commands() -> Iterable[click.Command]:
    from .commands import evaluation  # when one is asked for

    return (evaluation,)


@sdk.hookimpl
def search_kinds() -> Iterable[sdk.SearchKind]:
    return (search.search_kind(),)


@sdk.hookimpl
def head_links(tenant: Tenant) -> Iterable[sdk.HeadLink]:
    """Let feed readers find new results."""
    url = tenant_url(f"plugin_{NAME}_results.feed", tenant)
    title = _("Evaluation results of %(place)s", place=tenant.name)
    return [sdk.HeadLink("alternate", "application/atom+xml", url, title)]


@sdk.hookimpl
def nav_links(tenant: Tenant) -> Iterable[sdk.Link]:
    """Link the overview in the public navigation."""
    url = tenant_url(f"plugin_{NAME}.index", tenant)
    return [sdk.Link("evaluation", _("Supervision and evaluation"), url)]


@sdk.hookimpl
def daily(session: Session, tenant: Tenant) -> None:
    """End terms and phases that are over, and remind of what is due soon."""
    from .campaigns.lifecycle import make_due_moves  # by the jobs, once a day

    REGISTER.tend(session, tenant)
    make_due_moves(session, tenant)
    remind_supervisors(session, tenant)
    FINDINGS.escalate(session, tenant)


@sdk.hookimpl
def erase(session: Session, tenant: Tenant) -> None:
    """Delete everything that is kept of a place."""
    from .votes import SOCIAL_VOTE  # with its pages

    for kind in (LIBRARY.comments, TIP):
        sdk.erase_messages(session, tenant, kind)
    sdk.erase_notices(session, tenant, NAME)
    sdk.erase_votes(session, tenant, SOCIAL_VOTE)
    for model in TABLES_TO_ERASE:
        session.execute(delete(model).where(model.tenant_id == tenant.id))


@sdk.hookimpl
def staff_links() -> Iterable[sdk.StaffLink]:
    """Return the places in the staff menu."""
    from .console import navigation  # there before a page of staff is shown: it has pages itself

    return navigation.staff_links()


@sdk.hookimpl
def staff_tasks(session: Session, tenant: Tenant, actor: sdk.Actor) -> Iterable[sdk.Task]:
    """Return what waits for the person."""
    from .console import navigation

    return navigation.staff_tasks(session, tenant, actor)


@sdk.hookimpl
def demo(session: Session, tenant: Tenant) -> None:
    """Put in the register and the campaigns of the county, once."""
    from . import demo as demonstration  # needed once

    demonstration.load(session, tenant)
