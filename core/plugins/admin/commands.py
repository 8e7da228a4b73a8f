"""`gongkai plugin …`: what is on where, and who may change it."""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import click
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.acting import acting_as, as_option
from core.command import command_errors, json_option, print_note, print_result
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.plugins.activation.cache import tenants_below
from core.plugins.activation.decisions import (
    Effect,
    PolicyPlan,
    get_plugin,
    plan_policy,
    store_policy,
)
from core.plugins.activation.enabled import tenants_with
from core.plugins.activation.quarantine import release_quarantine
from core.plugins.activation.rules import Policy
from core.plugins.admin.overview import PluginStatus, list_statuses, load_statuses
from core.plugins.api.manifest import Manifest
from core.plugins.loading.host import get_host, installed
from core.tenancy.domain import KINDS, PORTAL_LEVELS
from core.tenancy.service import get_tenant
from core.web.site.lazy_pages import load_all_pages

Row = dict[str, Any]
_LEVELS = [level.value for level in KINDS if level in PORTAL_LEVELS]
_KINDS = [kind for level, kinds in KINDS.items() if level in PORTAL_LEVELS for kind in kinds]


@click.group()
def plugin() -> None:
    """Plugins: what is on where."""


@plugin.command("list")
@click.option("--tenant", "code", metavar="CODE", help="The effective state there, and why.")
@json_option
@command_errors
def list_command(code: str | None, *, as_json: bool) -> None:
    """List the installed plugins, or how they stand at a tenant."""
    if code is None:
        load_all_pages()
        rows = [_installed_row(manifest) for _name, manifest in sorted(installed().items())]
        left_out = [asdict(each) for each in get_host().left_out]
        for each in left_out:
            print_note(f"{each['name']}: {each['reason']}")
        answer = {"plugins": rows, "left_out": left_out}
        print_result(answer, as_json=as_json, text=lambda: _installed_text(rows))
        return
    with open_session(Scope.platform("plugin list")) as session:
        found = [_row(status) for status in list_statuses(session, get_tenant(session, code))]
    print_result({"plugins": found}, as_json=as_json, text=lambda: _text(found))


@dataclass(frozen=True, slots=True)
class Request:
    """What the shared options of a deciding command say."""

    codes: tuple[str, ...]
    kinds: tuple[str, ...]
    levels: tuple[str, ...]
    reason: str
    username: str | None
    dry_run: bool
    as_json: bool

    def say(self, name: str, word: Policy | None) -> None:
        """Say a word about a plugin at the chosen tenants, or only what it would change."""
        get_plugin(name)
        actor = acting_as(self.username)
        with open_session(Scope.platform("plugin decision")) as session:
            tenants = self._tenants(session)
            if self.dry_run:
                planned = plan_policy(session, actor, name, word, tenants)
            else:
                planned = store_policy(session, actor, name, word, tenants, reason=self.reason)
            session.flush()
            report = load_statuses(session, tenants)
            rows = [_row(report.status(tenant, name)) for tenant in tenants]
        answer = _answer(planned, rows, dry_run=self.dry_run)
        print_result(answer, as_json=self.as_json, text=lambda: _plan_text(answer))

    def _tenants(self, session: Session) -> list[Tenant]:
        """List the tenants named, or those of a kind or level at and below them."""
        named = [get_tenant(session, code) for code in dict.fromkeys(self.codes)]
        if not self.kinds and not self.levels:
            return named
        return [
            tenant
            for tenant in tenants_below(session, [tenant.path for tenant in named])
            if (not self.kinds or tenant.kind in self.kinds)
            and (not self.levels or tenant.level in self.levels)
        ]


def deciding(function: Callable[..., None]) -> Callable[..., None]:
    """Add the shared options of commands that set a policy; hand them on as one `Request`."""

    @click.argument("name")
    @click.option("--tenant", "codes", metavar="CODE", required=True, multiple=True)
    @click.option(
        "--kind", "kinds", type=click.Choice(_KINDS), multiple=True,
        help="Not CODE itself but places of this kind at and below it.",
    )  # fmt: skip
    @click.option(
        "--level", "levels", type=click.Choice(_LEVELS), multiple=True,
        help="Not CODE itself but places of this level at and below it.",
    )  # fmt: skip
    @click.option("--reason", default="", help="Why; shown beside the state.")
    @click.option("--dry-run", is_flag=True, help="Show what would change where; store nothing.")
    @as_option
    @json_option
    @command_errors
    @functools.wraps(function)
    def wrapper(name: str, **options: Any) -> None:
        shared = {field.name: options.pop(field.name) for field in fields(Request)}
        function(request=Request(**shared), name=name)

    return wrapper


@plugin.command()
@deciding
def on(request: Request, name: str) -> None:
    """Switch NAME on here and below, until a place below says otherwise."""
    request.say(name, Policy.ON)


@plugin.command()
@deciding
def off(request: Request, name: str) -> None:
    """Switch NAME off here and below, until a place below says otherwise; its data stays."""
    request.say(name, Policy.OFF)


@plugin.command()
@deciding
def pin(request: Request, name: str) -> None:
    """Switch NAME on here and below; nobody below may change it."""
    request.say(name, Policy.PINNED)


@plugin.command()
@deciding
def forbid(request: Request, name: str) -> None:
    """Switch NAME off here and below; nobody below may change it."""
    request.say(name, Policy.FORBIDDEN)


@plugin.command()
@deciding
def delegate(request: Request, name: str) -> None:
    """Let the places here and below switch NAME on and off themselves."""
    request.say(name, Policy.DELEGATED)


@plugin.command()
@deciding
def inherit(request: Request, name: str) -> None:
    """Take back what was said about NAME here: as above."""
    request.say(name, None)


@plugin.command("release")
@click.argument("name")
@click.option("--tenant", "code", metavar="CODE", required=True)
@as_option
@json_option
@command_errors
def release_command(name: str, code: str, username: str | None, *, as_json: bool) -> None:
    """Put NAME, quarantined after repeated failure, back into use at a tenant."""
    get_plugin(name)
    actor = acting_as(username)
    with open_session(Scope.platform("plugin release")) as session:
        tenant = get_tenant(session, code)
        release_quarantine(session, actor, name, tenant)
        session.flush()
        rows = [
            _row(status)
            for status in list_statuses(session, tenant)
            if status.manifest.name == name
        ]
    print_result({"plugins": rows}, as_json=as_json, text=lambda: _text(rows))


def _installed_row(manifest: Manifest) -> Row:
    """Build the row of a plugin without a place: nothing is decided about it there."""
    nowhere = dict.fromkeys(("state", "decision", "reason", "decided_at", "decided_on"))
    known: Row = {"name": manifest.name, "version": manifest.version}
    return known | nowhere | {
        "title": str(manifest.title),
        "on_at": len(tenants_with(manifest.name)),
    }  # fmt: skip


def _row(status: PluginStatus) -> Row:
    return {
        "name": status.manifest.name,
        "version": status.manifest.version,
        "state": status.activation.state.value,
        "decision": status.policy.value if status.policy else None,
        "reason": " ".join(filter(None, (status.explanation, status.note))),
        "decided_at": status.decider.division_code if status.decider else None,
        "decided_on": _day(status),
        "tenant": status.tenant.division_code,
        "because": status.activation.reason.value,
    }


def _day(status: PluginStatus) -> str | None:
    """Format the local day of the decision."""
    return format_date(status.row.decided_at, "yyyy-MM-dd") if status.row else None


def _answer(planned: PolicyPlan, rows: Sequence[Row], *, dry_run: bool) -> Row:
    return {
        "plugins": list(rows),
        "changes": [_change(effect) for effect in planned.effects],
        "refused": [
            {"tenant": tenant.division_code, "code": error.code, "message": error.message}
            for tenant, error in planned.refused
        ],
        "dry_run": dry_run,
    }


def _change(effect: Effect) -> Row:
    return {
        "tenant": effect.tenant.division_code,
        "name": effect.plugin,
        "before": effect.before.value,
        "after": effect.after.value,
    }


def _text(rows: Iterable[Row]) -> str:
    return "\n".join(
        f"{row['tenant']:<12} {row['name']:<24} {row['state']:<12} {row['reason']}" for row in rows
    )


def _installed_text(rows: Sequence[Row]) -> str:
    return "\n".join(f"{row['name']:<24} {row['version']:<10} {row['title']}" for row in rows)


def _plan_text(answer: Row) -> str:
    changed = [
        f"{row['tenant']:<12} {row['name']:<24} {row['before']} → {row['after']}"
        for row in answer["changes"]
    ]
    refused = [f"{row['tenant']:<12} {row['message']}" for row in answer["refused"]]
    count = len(changed)
    total = ngettext("%(num)d place changes.", "%(num)d places change.", count)
    unstored = [_("Nothing was stored.")] if answer["dry_run"] else []
    return "\n".join([*changed, *refused, total, *unstored])
