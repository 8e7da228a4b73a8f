"""Bring a pack in, from its places to its plugins. May be done again at any time."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.catalog.effective import effective_catalog
from core.db.scope import Scope, open_session
from core.errors import Conflict
from core.onboarding.counts import Counts
from core.onboarding.layers import apply_catalog
from core.onboarding.links import apply_links
from core.onboarding.places import apply_organs, apply_places
from core.onboarding.plugins import apply_plugins
from core.onboarding.publications import apply_publications
from core.permissions import Actor
from core.tenancy.domain import NATION_CODE
from core.tenancy.packs import Pack
from core.tenancy.service import ensure_nation


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a pack did."""

    code: str
    name: str
    tenants: Counts
    organs: Counts
    catalog: Counts
    links: Counts
    publications: Counts
    plugins: Counts

    def as_dict(self) -> dict[str, Any]:
        """For the JSON answer."""
        return {
            "code": self.code,
            "name": self.name,
            "tenants": self.tenants.as_dict(),
            "organs": self.organs.as_dict(),
            "catalog": self.catalog.as_dict(),
            "links": self.links.as_dict(),
            "publications": self.publications.as_dict(),
            "plugins": self.plugins.as_dict(),
        }


def apply_pack(pack: Pack, actor: Actor) -> Applied:
    """Put everything that a pack says in force, or nothing of it.

    Raises `Conflict` where the pack does not fit what is there, e.g. the national catalog, which
    counties inherit from, is missing.
    """
    with open_session(Scope.platform(f"apply pack {pack.code}")) as session:
        _require_catalog_above(session, pack)
        tenants = apply_places(session, pack)
        session.flush()  # organs and layers belong to the tenants made here
        organs = apply_organs(session, pack)
        catalog = apply_catalog(session, actor, pack)
        links = apply_links(session, actor, pack)
        publications = apply_publications(session, actor, pack)
        plugins = apply_plugins(session, actor, pack)
    return Applied(pack.code, pack.name, tenants, organs, catalog, links, publications, plugins)


def _require_catalog_above(session: Session, pack: Pack) -> None:
    if pack.code == NATION_CODE:
        return
    if not effective_catalog(session, ensure_nation(session)).catalog.domains:
        message = _("Load the national catalog first: gongkai tenant apply _national")
        raise Conflict(message, where=NATION_CODE)
