"""Bring in the publications of a pack, published as its file dates them."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.errors import Invalid
from core.onboarding.counts import Counts
from core.permissions import Actor
from core.publishing.importing.files import LineFiles
from core.publishing.importing.importer import PublicationImport
from core.publishing.importing.lines import Rejection, decode
from core.settings import current_settings
from core.storage.files import current_files
from core.tenancy.packs import Pack
from core.tenancy.service import get_tenant


def apply_publications(session: Session, actor: Actor, pack: Pack) -> Counts:
    """Import the pack's file of publications; raises `Invalid` where a line is wrong."""
    if pack.publications is None:
        return Counts()
    files = LineFiles(
        pack.publications.parent, current_files(), current_settings().max_upload_bytes
    )
    run = PublicationImport(
        session, actor, get_tenant(session, pack.code), approve=True, files=files
    )
    report = run.run(decode(pack.publications.read_bytes(), pack.publications.name))
    if report.rejected:
        raise _wrong(pack.publications.name, report.rejected)
    return Counts(report.created, report.updated, report.unchanged)


def _wrong(name: str, rejected: list[Rejection]) -> Invalid:
    first = rejected[0]
    message = _(
        "%(file)s:%(line)s: %(reason)s (%(n)s lines are wrong)",
        file=name,
        line=first.line,
        reason=first.reason,
        n=len(rejected),
    )
    return Invalid(message, where=f"{name}:{first.line}")
