"""Downloads of the effective catalog as official tables, in every writable format."""

import hashlib
from io import BytesIO
from typing import TYPE_CHECKING

from flask import abort, request, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.catalog.effective import CatalogView
from core.catalog.public.view_params import ViewParams
from core.catalog.public_list import listed_items

if TYPE_CHECKING:
    from core.tables.writing.write import Format


def send_table(
    shown: CatalogView, params: ViewParams, domain: str | None, kind: "Format"
) -> Response:
    """Send the listed table as a file; 404 if it lists nothing.

    A reader who has this very version already gets 304, and nothing is written.
    """
    # The libraries behind the writer are heavy; few pages need them.
    from core.catalog.exporting import build_tables
    from core.tables.writing.write import MEDIA_TYPES, write_table

    tag = _version(shown, params, domain, kind)
    if request.if_none_match.contains(tag):
        return Response(status=304)
    items = listed_items(shown.catalog, shown.tenant.level, every_level=params.every_level)
    wanted = [item for item in items if domain in {None, item.domain}]
    if not wanted:
        abort(404)
    response = send_file(
        BytesIO(write_table(build_tables(shown.catalog, wanted), kind)),
        mimetype=MEDIA_TYPES[kind],
        as_attachment=True,
        download_name=f"{_name(shown, domain)}.{kind}",
    )
    response.set_etag(tag)
    return response


def _name(shown: CatalogView, domain: str | None) -> str:
    """Build a file name from the place and the domain."""
    place = shown.tenant.name
    if domain is None:
        return str(_("Standard catalog of open government affairs of %(place)s", place=place))
    name = shown.catalog.domains[domain].name
    return str(
        _("Standard catalog of the domain %(domain)s of %(place)s", domain=name, place=place)
    )


def _version(shown: CatalogView, params: ViewParams, domain: str | None, kind: "Format") -> str:
    parts = (shown.tenant.id, shown.at, shown.version, params.every_level, domain, kind)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
