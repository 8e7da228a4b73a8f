"""Build and verify evidence packages from parts that a feature hands over.

The feature decides what belongs into the package, masks personal data and records the export.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.clock import now, zone
from core.db.tree import Tenant
from core.evidence.domain.package import (
    EvidencePart,
    MissingPart,
    digest,
    place_parts,
    write_package,
)
from core.evidence.domain.verification import PackageFault, PackageReport, check_package
from core.redaction import keyed_digest

EVIDENCE_TYPE = "application/zip"
# Brings the cover's template; it has no address of its own.
blueprint = Blueprint("evidence", __name__, template_folder="templates")

_FAULTS = {
    PackageFault.NO_PACKAGE: _l("This is no evidence package, or it is damaged."),
    PackageFault.TOO_LARGE: _l("The package is too large to be checked."),
    PackageFault.NO_MANIFEST: _l("The list of contents is missing or damaged."),
    PackageFault.NOT_SEALED: _l("The list of contents was not made here, or was changed."),
    PackageFault.MISSING: _l("The file is missing."),
    PackageFault.CHANGED: _l("The file was changed."),
    PackageFault.DAMAGED: _l("The file is damaged."),
    PackageFault.NOT_LISTED: _l("The file was added later."),
}


def build_evidence(  # noqa: PLR0913 - what the cover says, and the parts
    tenant: Tenant,
    title: str,
    parts: Iterable[EvidencePart],
    *,
    missing: Iterable[MissingPart] = (),
    facts: Mapping[str, str] | None = None,
    made_at: datetime | None = None,
) -> bytes:
    """Return the package as a ZIP. `facts` stand on the cover, label and text.

    Same parts, facts and moment give the same bytes. The seal is keyed by this installation.
    """
    placed, lacking = place_parts(parts), list(missing)
    made = (made_at or now()).astimezone(zone())
    about = {
        "title": title,
        "tenant": tenant.name,
        "division_code": tenant.division_code,
        "made": made.isoformat(timespec="seconds"),
        "facts": dict(facts or {}),
    }
    cover = render_template(
        "evidence/cover.html",
        about=about,
        made=made.strftime("%Y-%m-%d %H:%M"),
        entries=[each.to_entry() for each in placed],
        missing=lacking,
    )
    return write_package(about, placed, lacking, cover.encode(), _seal)


def verify_evidence(data: bytes) -> PackageReport:
    """Check a package: every file as it was handed over, the list of contents made here."""
    return check_package(data, _seal)


def list_package_faults(report: PackageReport) -> list[tuple[str, str]]:
    """Return what is wrong with a package in words, each with its path."""
    return [(path or _("The whole package"), str(_FAULTS[fault])) for path, fault in report.faults]


def _seal(manifest: bytes) -> str:
    return keyed_digest("evidence.seal", digest(manifest))
