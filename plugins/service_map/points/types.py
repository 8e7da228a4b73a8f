"""Types of points that hold at a place: those built in, as the places above have changed them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Tenant

from ..domain.point_types import BUILT_IN, FieldKind, PointSchema, TypeField
from ..models.point import PointType

Types = Mapping[str, PointSchema]


def load_types(session: Session, tenant: Tenant) -> dict[str, PointSchema]:
    """Load the types by key, in their order; the nearest place that says something wins.

    The session must reach the places above (every scope reads inherited rows).
    """
    types = {schema.key: schema for schema in BUILT_IN}
    rows = session.scalars(select(PointType).where(PointType.tenant_id.in_(tenant.chain)))
    for row in sorted(rows, key=lambda row: (tenant.chain.index(row.tenant_id), row.id)):
        if row.is_used:
            types[row.key] = to_schema(row)
        else:
            types.pop(row.key, None)
    return types


def to_schema(row: PointType) -> PointSchema:
    """Convert a stored type."""
    fields = tuple(
        TypeField(
            each["key"], each["label"], FieldKind(each["kind"]), tuple(each.get("choices", ()))
        )
        for each in row.fields
    )
    return PointSchema(row.key, row.label, tuple(row.aliases), fields)


def find_type(types: Types, key: str) -> PointSchema:
    """Return a type; one that is used no more still has its built-in or plain name."""
    built_in = {schema.key: schema for schema in BUILT_IN}
    return types.get(key) or built_in.get(key) or PointSchema(key, key)


def usual_type(level: str) -> str:
    """Return the type that a place of this level usually enters."""
    return {"county": "hall", "township": "center"}.get(level, "station")


def list_details(schema: PointSchema, details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """List what a point says of the fields of its type: label and value as text."""
    shown = []
    for field in schema.fields:
        value = details.get(field.key)
        if value not in (None, "", False):
            shown.append((field.label, "✓" if value is True else str(value)))
    return shown
