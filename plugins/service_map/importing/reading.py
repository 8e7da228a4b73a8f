"""From a file or pasted text to a plan: what both the page and the command do first."""

from dataclasses import dataclass
from typing import Any

from core.sdk import (
    DATUM_LABELS,
    Context,
    ListSource,
    find_likely_datum,
    list_language,
    load_named_places,
)

from ..i18n import _
from ..labels import FIELDS
from ..points.places import load_surroundings
from ..points.types import load_types
from .merging import PointImportPlan, plan_import
from .rows import ImportOptions, PointList, read_points


@dataclass(frozen=True, slots=True)
class PreparedImport:
    """A list as it was read, and what importing it would do."""

    found: PointList
    plan: PointImportPlan

    def to_preview(self) -> dict[str, Any]:
        """Return what the page shows before anything is stored."""
        return self.found.read.to_preview(list_language()) | {"findings": self.to_findings()}

    def to_findings(self) -> list[dict[str, str]]:
        """List faults and remarks, and what stays as it was edited here."""
        return (
            self._likely_datum()
            + self.found.read.to_findings(list_language())
            + [
                {
                    "severity": "info",
                    "message": _(
                        "Edited here, so it stays: %(fields)s",
                        fields=", ".join(
                            str(FIELDS.get(name, name)) for name in change.merged.kept
                        ),
                    ),
                    "where": change.row.place,
                    "excerpt": str(change.row.values["name"]),
                }
                for change in self.plan.kept
            ]
        )

    def _likely_datum(self) -> list[dict[str, str]]:
        """Say so where the list's positions fall on those known here in another datum."""
        likely = find_likely_datum(self.plan.list_positions())
        if likely is None:
            return []
        name = DATUM_LABELS[likely]
        said = _("Read as %(datum)s the positions fall on those known here: choose it.", datum=name)
        return [{"severity": "warning", "message": said, "where": "", "excerpt": ""}]


def prepare_import(ctx: Context, source: ListSource, options: ImportOptions) -> PreparedImport:
    """Read a list and plan what it does; the session must reach the places below."""
    places = load_named_places(ctx.session, ctx.tenant)
    types = load_types(ctx.session, ctx.tenant)
    surroundings = load_surroundings(ctx.session, ctx.tenant)
    found = read_points(source, places, types, surroundings, options)
    return PreparedImport(found, plan_import(ctx.session, places.by_id, found.rows))
