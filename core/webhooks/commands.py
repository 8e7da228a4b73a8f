"""`gongkai webhook …`: endpoints that are told of changes, and deliveries that were given up."""

from typing import Any

import click
from flask_babel import gettext as _

from core.command import command_errors, json_option, print_result
from core.db.scope import Scope, open_session
from core.tenancy.service import get_tenant
from core.webhooks.status import (
    EndpointStatus,
    describe,
    list_failing,
    list_webhook_status,
    retry_webhooks,
)


@click.group()
def webhook() -> None:
    """Other systems that are told of changes."""


@webhook.command("list")
@click.option("--tenant", "code", metavar="CODE", help="All endpoints there, not the failing ones.")
@json_option
@command_errors
def list_command(code: str | None, *, as_json: bool) -> None:
    """List endpoints that fail, or all of a tenant."""
    with open_session(Scope.platform("command: webhooks")) as session:
        if code is None:
            found = list_failing(session)
        else:
            found = list_webhook_status(session, get_tenant(session, code))
    body = {"endpoints": [_to_document(status) for status in found]}
    print_result(body, as_json=as_json, text="\n".join(describe(status) for status in found))


@webhook.command("retry")
@click.option("--tenant", "code", required=True, metavar="CODE")
@click.option("--topic", required=True, help="As `gongkai webhook list` says.")
@json_option
@command_errors
def retry_command(code: str, topic: str, *, as_json: bool) -> None:
    """Deliver again what was given up, now that the receiver works."""
    with open_session(None) as session:
        tenant = get_tenant(session, code)
    with open_session(Scope.own(tenant)) as session:
        count = retry_webhooks(session, tenant, topic)
    print_result({"queued": count}, as_json=as_json, text=_("%(n)s waiting", n=count))


def _to_document(status: EndpointStatus) -> dict[str, Any]:
    return {
        "tenant": status.tenant.division_code,
        "topic": status.topic,
        "host": status.host,
        "pending": status.pending,
        "given_up": status.given_up,
        "failing_since": status.failing_since.isoformat() if status.failing_since else None,
        "next_try_at": status.next_try_at.isoformat(),
        "last_error": status.last_error,
    }
