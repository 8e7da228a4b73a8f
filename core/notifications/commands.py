"""`gongkai notice …`: notices to people that did not go as they should."""

from typing import Any

import click
from flask_babel import gettext as _

from core.command import command_errors, json_option, print_result
from core.db.scope import Scope, open_session
from core.notifications.status import NoticeTrouble, describe, list_notice_trouble, retry_notices
from core.tenancy.service import get_tenant


@click.group()
def notice() -> None:
    """Notices to people: what failed, and sending it again."""


@notice.command("list")
@json_option
@command_errors
def list_command(*, as_json: bool) -> None:
    """List places and topics with notices that failed, are late or uncertain."""
    with open_session(Scope.platform("command: notices")) as session:
        found = list_notice_trouble(session)
    text = "\n".join(describe(trouble) for trouble in found)
    print_result(
        {"notices": [_to_document(trouble) for trouble in found]}, as_json=as_json, text=text
    )


@notice.command("retry")
@click.option("--tenant", "code", required=True, metavar="CODE")
@click.option("--topic", help="As `gongkai notice list` says; all without it.")
@click.option("--uncertain", is_flag=True, help="Also those that may have arrived already.")
@json_option
@command_errors
def retry_command(code: str, topic: str | None, *, uncertain: bool, as_json: bool) -> None:
    """Send failed notices again."""
    with open_session(None) as session:
        tenant = get_tenant(session, code)
    with open_session(Scope.own(tenant)) as session:
        count = retry_notices(session, tenant, topic, uncertain=uncertain)
    print_result({"queued": count}, as_json=as_json, text=_("%(n)s waiting", n=count))


def _to_document(trouble: NoticeTrouble) -> dict[str, Any]:
    return {
        "tenant": trouble.tenant.division_code,
        "topic": trouble.topic,
        "failed": trouble.failed,
        "uncertain": trouble.uncertain,
        "late": trouble.late,
    }
