"""The template of a catalog item (专项公开内容模板): what its lists hold, and its standing words.

Levels fold into each other as layers of the catalog do: each says only what it changes, the lower
one's word counts for its own place and everything below it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.publishing.lists.domain.model import ColumnType, ListData, TypedColumn
from core.publishing.rules import CALENDAR_DAYS

#: Standing words in the order in which they stand in the text.
PHRASES = ("opening", "basis", "period", "objection", "office", "phone", "address", "signature")


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column that lists of the item have; a protected one must never show its values whole."""

    key: str
    name: str
    type: ColumnType = ColumnType.TEXT
    unit: str = ""
    required: bool = False
    protected: bool = False

    def to_column(self) -> TypedColumn:
        """Return the column of a list."""
        return TypedColumn(self.key, self.name, self.type, self.unit)


@dataclass(frozen=True, slots=True)
class ItemTemplate:
    """Everything that the levels above and the place itself say about an item's publications."""

    columns: tuple[TemplateColumn, ...] = ()
    phrases: Mapping[str, str] = field(default_factory=dict)
    genre: str = ""
    publicity_days: int | None = None
    day_kind: str = CALENDAR_DAYS
    totals: bool = False

    def to_list(self) -> ListData | None:
        """Return an empty list with the template's columns."""
        columns = tuple(column.to_column() for column in self.columns)
        return ListData(columns, ()) if columns else None


def fold_layers(layers: Iterable[Mapping[str, Any]]) -> ItemTemplate | None:
    """Fold what the levels say, the highest first; `None` where none says anything."""
    said: dict[str, Any] = {}
    phrases: dict[str, str] = {}
    for layer in layers:
        phrases |= layer.get("phrases", {})
        said |= {name: value for name, value in layer.items() if name != "phrases"}
    if not said and not phrases:
        return None
    columns = tuple(_to_column(one) for one in said.pop("columns", ()))
    return ItemTemplate(columns=columns, phrases=phrases, **said)


def _to_column(stored: Mapping[str, Any]) -> TemplateColumn:
    kind = ColumnType(stored.get("type", ColumnType.TEXT))
    return TemplateColumn(**{**stored, "type": kind})


def list_differences(above: ItemTemplate | None, wanted: ItemTemplate) -> dict[str, Any]:
    """Return what a level says itself: the fields that differ from what it inherits."""
    base = above or ItemTemplate()
    said: dict[str, Any] = {
        name: getattr(wanted, name)
        for name in ("genre", "publicity_days", "day_kind", "totals")
        if getattr(wanted, name) != getattr(base, name)
    }
    if wanted.columns != base.columns:
        said["columns"] = [_to_json(column) for column in wanted.columns]
    phrases = {
        name: wanted.phrases.get(name, "")
        for name in PHRASES
        if wanted.phrases.get(name, "") != base.phrases.get(name, "")
    }
    return said | ({"phrases": phrases} if phrases else {})


def _to_json(column: TemplateColumn) -> dict[str, Any]:
    return {**asdict(column), "type": column.type.value}


def build_text(template: ItemTemplate, facts: Mapping[str, str]) -> str:
    """Build the frame of a text of the standing words, a line each; `{item}` is filled in."""
    lines = [template.phrases.get(name, "") for name in PHRASES]
    return "\n".join(_fill(line, facts) for line in lines if line)


def _fill(line: str, facts: Mapping[str, str]) -> str:
    """Put facts in their places; a county's own braces stay as they are."""
    for name, fact in facts.items():
        line = line.replace(f"{{{name}}}", fact)
    return line
