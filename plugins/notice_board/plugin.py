"""The sheet for the notice board: what it is, and which hooks it answers."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from core.sdk import (
    Block,
    Row,
    StaffLink,
    Tenant,
    hookimpl,
    tenant_url,
)

from .manifest import MANIFEST
from .text import _

__all__ = ["MANIFEST"]


@hookimpl
def blueprints() -> Iterable[str]:
    """Give the sheets."""
    return ["views:blueprint"]


@hookimpl
def staff_links(tenant: Tenant) -> Iterable[StaffLink]:
    """Link the sheet of this quarter, for whoever hangs it up."""
    del tenant
    label = _("Sheet for the notice board")
    return [
        StaffLink(
            key="notice_board",
            group=_("Publishing"),
            label=label,
            endpoint="plugin_notice_board.sheet",
            action="view_console",
        )
    ]


@hookimpl
def publication_panels(session: Session, tenant: Tenant, publication: Any) -> Iterable[Block]:
    """From a publication to its own sheet."""
    del session
    address = tenant_url("plugin_notice_board.single", tenant, id=publication.id)
    row = Row(_("Print this for the notice board"), address)
    return [Block("notice-board", _("On paper"), (row,), weight=90)]
