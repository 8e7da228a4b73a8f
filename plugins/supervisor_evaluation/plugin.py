"""Supervisor evaluations (监督员评议, 社会评议): what the plugin is, where it takes part."""

from collections.abc import Iterable

import click
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import PluginBlueprint, Tenant, tenant_url

from . import demo as demonstration
from . import search
from .campaigns.lifecycle import make_due_moves
from .campaigns.notices import remind_supervisors
from .commands import evaluation
from .console import navigation
from .findings import FINDINGS, TIP
from .i18n import _
from .indicators.sets import COMMENT
from .manifest import MANIFEST, NAME
from .models import campaign, findings, indicators, personal_data, register
from .public import application, desk, overview, scoring, transparency
from .public import indicators as indicator_page
from .public import results as results_pages
from .register.service import tend_register
from .votes import SOCIAL_VOTE
from .votes import public as public_votes

__all__ = ["MANIFEST", "personal_data"]

# Those that others point to come last.
TABLES_TO_ERASE = (
    campaign.EvaluationScoreChange, campaign.EvaluationScore, campaign.EvaluationEvidence,
    campaign.EvaluationAssignment, campaign.FactNote, campaign.SubjectStatement,
    campaign.EvaluationSubject, campaign.EvaluationCampaign,
    findings.FindingFile, findings.EvaluationFinding,
    register.ConflictOfInterest, register.EvaluationSupervisor, indicators.IndicatorSet,
)  # fmt: skip


@sdk.hookimpl
def blueprints() -> Iterable[PluginBlueprint]:
    public = (
        overview, application, desk, indicator_page, scoring, transparency, results_pages,
    )  # fmt: skip
    pages = (module.blueprint for module in public)
    return (*pages, public_votes, *navigation.BLUEPRINTS)


@sdk.hookimpl
def commands() -> Iterable[click.Command]:
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
    tend_register(session, tenant)
    make_due_moves(session, tenant)
    remind_supervisors(session, tenant)
    FINDINGS.escalate(session, tenant)


@sdk.hookimpl
def erase(session: Session, tenant: Tenant) -> None:
    """Delete everything that is kept of a place."""
    for kind in (COMMENT, TIP):
        sdk.erase_messages(session, tenant, kind)
    sdk.erase_notices(session, tenant, NAME)
    sdk.erase_votes(session, tenant, SOCIAL_VOTE)
    for model in TABLES_TO_ERASE:
        session.execute(delete(model).where(model.tenant_id == tenant.id))


staff_links = sdk.hookimpl(navigation.staff_links)
staff_tasks = sdk.hookimpl(navigation.staff_tasks)
demo = sdk.hookimpl(demonstration.load)
