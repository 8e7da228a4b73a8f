"""Options that several `gongkai catalog` commands share, and the submitting of their changes."""

import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.acting import acting_as, as_option, get_tenant_by_code, tenant_option
from core.catalog.domain.changes import Change
from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem, items_for_level
from core.catalog.editing.changes import get_domain
from core.catalog.editing.review import approve_revision, submit_revision
from core.catalog.serialization import Document, to_revision_document
from core.command import command_errors, json_option, print_result, read_input
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.errors import Invalid, NotFound

_LONGEST_NUMBER = 9

approve_option = click.option("--approve", is_flag=True, help="Put it into force at once.")
reason_option = click.option("--reason", required=True, help="Why; shown beside the change.")
kind_option = click.option(
    "--kind", "kinds", multiple=True, help="Only for this kind of tenants below, e.g. town."
)
at_option = click.option(
    "--at", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="As it stood on this day."
)


def parse_day(at: datetime | None) -> date | None:
    """Parse the day given with `--at`, `None` if it was not given."""
    return at.date() if at else None


def chosen_items(
    catalog: EffectiveCatalog, level: str | None, domain: str | None
) -> list[EffectiveItem]:
    """List the items of a level and a domain (key or name); `None` means all of them."""
    items = list(catalog.items.values()) if level is None else items_for_level(catalog, level)
    if domain is None:
        return items
    key = get_domain(catalog, domain).key
    return [item for item in items if item.domain == key]


def change_number(text: str) -> int:
    """Parse the number of a revision as typed; raises `NotFound` for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_NUMBER:
        raise NotFound(_("There is no change %(id)s.", id=text), where=text)
    return int(text)


def read_json(file: Path) -> Any:
    """Read a JSON file; raises `Invalid` naming the file."""
    data = read_input(file)
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        message = _("%(file)s is not JSON: %(detail)s", file=str(file), detail=str(error))
        raise Invalid(message, where=str(file)) from error


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """The values of the options that all changing commands share."""

    code: str
    username: str | None
    reason: str | None
    approve: bool
    as_json: bool

    def submit(self, plan: Callable[[Session, Tenant], Sequence[Change]]) -> None:
        """Submit the planned changes, approve them if asked, and print the revision."""
        tenant = get_tenant_by_code(self.code)
        with open_session(Scope.own(tenant)) as session:
            document = self.store(session, tenant, plan(session, tenant))
        answer_revision(document, as_json=self.as_json)

    def store(self, session: Session, tenant: Tenant, changes: Sequence[Change]) -> Document:
        """Submit changes, approve them if asked; return the revision as a document."""
        actor = acting_as(self.username)
        revision = submit_revision(session, actor, tenant, changes, reason=self.reason)
        if self.approve:
            revision = approve_revision(session, actor, revision.id)
        return to_revision_document(revision)


def changing(function: Callable[..., None]) -> Callable[..., None]:
    """Add the shared options of changing commands and pass them on as one `ChangeRequest`."""

    @tenant_option
    @approve_option
    @as_option
    @json_option
    @command_errors
    @functools.wraps(function)
    def wrapper(**options: Any) -> None:
        shared = {field.name: options.pop(field.name) for field in fields(ChangeRequest)}
        function(request=ChangeRequest(**shared), **options)

    return wrapper


def answer_revision(document: Document, *, as_json: bool) -> None:
    """Print a revision in force, or the number by which it can be approved."""
    print_result(document, as_json=as_json, text=lambda: _revision_line(document))


def _revision_line(document: Document) -> str:
    if document["state"] == "in_review":
        return f"in_review: gongkai catalog approve {document['change']}"
    counts: dict[str, Any] = document["summary"]
    parts = ", ".join(f"{op} {count}" for op, count in counts.items())
    return f"{document['tenant']} #{document['revision']} ({document['effective_on']}): {parts}"
