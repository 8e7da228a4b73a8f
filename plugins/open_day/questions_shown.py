"""The form's own questions, as the page asks them; each condition is said in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from plugins.open_day.models import FormField
from plugins.open_day.wishes import ANSWER
from plugins.open_day.words import _


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question with its control and hint; `only_if` says when it needs an answer."""

    name: str
    label: str
    kind: str
    hint: str
    required: bool
    only_if: str
    options: list[dict[str, str]]
    inputmode: str | None


def questions_shown(fields: Sequence[FormField]) -> list[QuestionShown]:
    """The questions in their order."""
    by_key = {field.key: field for field in fields}
    return [_shown(field, by_key.get(field.condition_key or "")) for field in fields]


def _shown(field: FormField, asked_if: FormField | None) -> QuestionShown:
    only_if = _condition(field, asked_if) if asked_if else ""
    return QuestionShown(
        name=ANSWER + field.key,
        label=field.label,
        kind=field.kind,
        hint=" ".join(filter(None, (only_if, field.help, _bounds(field)))),
        required=field.required and not only_if,
        only_if=only_if,
        options=[{"value": choice, "label": choice} for choice in field.choices],
        inputmode={"number": "numeric", "phone": "tel"}.get(field.kind),
    )


def _condition(field: FormField, asked_if: FormField) -> str:
    if asked_if.kind == "checkbox":
        return _("Only if you ticked “%(label)s”.", label=asked_if.label)
    return _(
        "Only if you chose “%(value)s” for “%(label)s”.",
        value=field.condition_value,
        label=asked_if.label,
    )


def _bounds(field: FormField) -> str:
    if field.kind != "number":
        return ""
    if field.minimum is not None and field.maximum is not None:
        return _("From %(least)s to %(most)s.", least=field.minimum, most=field.maximum)
    if field.minimum is not None:
        return _("At least %(least)s.", least=field.minimum)
    return _("At most %(most)s.", most=field.maximum) if field.maximum is not None else ""
