"""What somebody may see of the register of withheld items, page by page and as a file."""

from typing import Any

from flask import Response
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from core.permissions import Action
from core.publishing.withheld.labels import to_sheet
from core.publishing.withheld.models import WithheldItem
from core.publishing.withheld.service import in_register, is_due
from core.tables.lists.writing import CSV_TYPE, XLSX_TYPE, write_list_csv, write_list_xlsx
from core.web.context import Context
from core.web.files.downloads import send_download
from core.web.paging import Page, paginate

ROWS_ON_A_PAGE = 50
MOST_EXPORTED = 20_000


def list_register(ctx: Context, tab: str, number: int) -> Page[WithheldItem]:
    """List a page of the register by `tab` (due, withheld, released), the earliest day first."""
    return paginate(ctx.session, _select(ctx, tab), number, ROWS_ON_A_PAGE)


def _select(ctx: Context, tab: str) -> Select[Any]:
    conditions: dict[str, ColumnElement[bool]] = {
        "due": is_due(),
        "withheld": WithheldItem.released_on.is_(None),
        "released": WithheldItem.released_on.is_not(None),
    }
    query: Any = select(WithheldItem).options(joinedload(WithheldItem.organ))
    query = query.where(in_register(ctx.tenant, ctx.scope(Action.WRITE_PUBLICATION)))
    query = query.where(*([conditions[tab]] if tab in conditions else []))
    ordered: Select[Any] = query.order_by(WithheldItem.next_on, WithheldItem.id)
    return ordered


def send_register(ctx: Context, kind: str) -> Response:
    """Send the whole register as a file, `xlsx` or `csv`; recorded in the audit log."""
    items = ctx.session.scalars(_select(ctx, "").limit(MOST_EXPORTED)).all()
    ctx.audit("withheld.export", ctx.tenant.division_code, rows=len(items))
    sheet, name = to_sheet(items), _("Withheld items of %(place)s", place=ctx.tenant.name)
    if kind == "csv":
        return send_download(write_list_csv(sheet), CSV_TYPE, f"{name}.csv")
    return send_download(write_list_xlsx([sheet]), XLSX_TYPE, f"{name}.xlsx")
