"""The staff's side of the plugin: its pages, its places in the menu, what waits for somebody."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Context, PluginBlueprint, Tenant, tenant_url

from ..campaigns.notices import list_campaign_tasks, list_own_tasks
from ..findings import FINDINGS
from ..i18n import _, _l
from ..indicators import LIBRARY
from ..labels import FINDING_SOURCES
from ..manifest import ANSWER, MANAGE, MANIFEST, NAME
from ..subjects import list_subject_options
from ..votes import SOCIAL_VOTE
from .pages import CONSOLE
from .register import PAGES as REGISTER_PAGES

findings = PluginBlueprint(MANIFEST, __name__, part="findings")
finding_tasks = sdk.MendingPages(
    FINDINGS,
    f"plugin_{NAME}_findings",
    "evaluation-findings",
    FINDING_SOURCES,
    lambda ctx: list_subject_options(ctx.session, ctx.tenant),
)
finding_tasks.add_to(findings, f"{CONSOLE}findings/")
indicators = PluginBlueprint(MANIFEST, __name__, part="indicators")
public_indicators = PluginBlueprint(MANIFEST, __name__, part="indicators_public")
_INDICATORS = sdk.IndicatorPages(
    LIBRARY, indicators.name, "evaluation", "evaluation-indicators", f"plugin_{NAME}.index",
    _l("Supervision and evaluation"),
)  # fmt: skip
_INDICATORS.add_to(indicators, f"{CONSOLE}indicators/")
_INDICATORS.add_public(public_indicators, "/<code>/evaluation/indicators/")
_GROUP = _l("Evaluation")
# Key, label, endpoint, permission of each place in the menu.
_LINKS = (
    ("evaluation-register", _l("Supervisors"), "plugin_supervisor_evaluation_register.index",
     MANAGE),
    ("evaluation-findings", _l("Findings"), "plugin_supervisor_evaluation_findings.index", ANSWER),
    ("evaluation-indicators", _l("Indicators"), "plugin_supervisor_evaluation_indicators.index",
     MANAGE),
    ("evaluation-campaigns", _l("Campaigns of evaluation"),
     "plugin_supervisor_evaluation_campaigns.index", MANAGE),
    ("evaluation-own", _l("Evaluations of our office"),
     "plugin_supervisor_evaluation_answers.index", ANSWER),
    ("evaluation-votes", _l("Public votes"), "plugin_supervisor_evaluation_vote_desk.index",
     MANAGE),
)  # fmt: skip


def staff_links() -> Iterable[sdk.StaffLink]:
    """Return the places in the staff menu; each is shown to those who may open it."""
    for key, label, endpoint, action in _LINKS:
        yield sdk.StaffLink(key, _GROUP, label, endpoint, action)


def staff_tasks(session: Session, tenant: Tenant, actor: sdk.Actor) -> Iterable[sdk.Task]:
    """Return what waits for the person: of register, campaigns, findings, their own office."""
    ctx = Context(session, tenant, actor)
    yield from finding_tasks.list_tasks(ctx)
    if ctx.may(MANAGE):
        yield from REGISTER_PAGES.list_tasks(
            ctx, _("Applications of supervisors to decide"), _("Supervisors to confirm")
        )
        yield from list_campaign_tasks(ctx)
        if count := sdk.count_waiting_remarks(ctx.session, ctx.tenant, SOCIAL_VOTE):
            url = tenant_url(f"plugin_{NAME}_vote_desk.index", ctx.tenant)
            yield sdk.Task(_("Remarks of public votes to look through"), url, count)
    yield from list_own_tasks(ctx)
