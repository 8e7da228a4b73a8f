"""The page that a finding is about: an address of this site, at the place or below it."""

from urllib.parse import urlsplit

from flask import request
from sqlalchemy.orm import Session

from core.sdk import Invalid, Tenant, find_tenant, safe_next

from ..i18n import _

LONGEST = 500


def read_page_url(session: Session, tenant: Tenant, typed: str) -> str:
    """Return the path of a page of this place, or one below it; raises `Invalid` for others.

    Takes what the browser's address line holds; a page of another site cannot be looked at here.
    """
    if not typed:
        return ""
    parts = urlsplit(typed)
    if parts.netloc and parts.netloc != request.host:
        raise Invalid({"page_url": _("This is an address of another site.")})
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    inside = path.removeprefix(request.script_root)
    place = find_tenant(session, inside.lstrip("/").partition("/")[0])
    if place is None or not place.path.startswith(tenant.path) or not safe_next(path, ""):
        raise Invalid({"page_url": _("Enter the address of a page of this place, or below it.")})
    if len(path) > LONGEST:
        raise Invalid({"page_url": _("At most %(n)s characters.", n=LONGEST)})
    return path
