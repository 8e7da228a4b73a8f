"""Forms: a class says which fields there are, `read` gives values, messages and what was typed.

    class EventForm(Form):
        title = LineField(200, required=_l("Enter a title."))
        opens_at = MomentField()
        closes_at = MomentField()

        def check(self, values):
            if values["opens_at"] and values["closes_at"] and ...:
                yield "closes_at", _("Registration must end after it begins.")

    form = EventForm.read()
    if not form.ok:
        return render_template("…", values=form.typed, errors=form.errors), 422

Whatever is posted, `read` raises nothing. Decision page: docs/decisions/0012.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self, cast

from flask import request
from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError
from werkzeug.datastructures import MultiDict

from core.errors import Invalid
from core.web.forms.fields import Files, InputField

Errors = dict[str, str]
Choices = Mapping[str, Collection[Any]]


@dataclass(frozen=True, slots=True)
class FormData:
    """What a posted form says.

    `values` has a value for every field, the empty one where a field is wrong; `errors` has a
    message for each wrong field, in the order in which the form declares them; `typed` holds what
    was posted, for showing it again; `sent` are the names of the fields that were posted at all.
    """

    values: dict[str, Any]
    errors: Errors
    typed: dict[str, Any]
    sent: frozenset[str] = frozenset()

    @property
    def ok(self) -> bool:
        return not self.errors

    def require(self) -> dict[str, Any]:
        """Return the values; raises `Invalid` with the message of each wrong field."""
        if self.errors:
            raise Invalid(self.errors)
        return self.values


class Form(Schema):
    """Base of forms; fields are class attributes, rules over several fields stand in `check`."""

    class Meta:
        unknown = EXCLUDE
        register = False

    @classmethod
    def read(
        cls,
        posted: Mapping[str, str] | None = None,
        *,
        files: Files | None = None,
        choices: Choices | None = None,
    ) -> FormData:
        """Read what this request posted, or another form; never raises.

        `choices` are the words that choices of this form offer today.
        """
        form = cls()
        form.offer(choices or {})
        if posted is None:
            return form.interpret(request.form, request.files)
        return form.interpret(MultiDict(cast("Any", posted)), files or MultiDict())

    @classmethod
    def blank(cls) -> FormData:
        """Return the form before anybody typed in it."""
        form = cls()
        return FormData({name: field.default for name, field in form.inputs()}, {}, cls.show({}))

    @classmethod
    def show(cls, source: Any) -> dict[str, Any]:
        """Return what the form shows of an object, or mapping, that nobody has typed anew."""
        get = source.get if isinstance(source, Mapping) else partial(getattr, source)
        return {
            field.data_key or name: field.show(get(name, None)) for name, field in cls().inputs()
        }

    @classmethod
    def extend(cls, more: Mapping[str, InputField[Any]]) -> type[Self]:
        """Return the form with further fields, which are known when it is read only."""
        return cast("type[Self]", type(cls.__name__, (cls,), dict(more)))

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Yield field and message for what is wrong between fields; wrong fields are empty."""
        del values
        return ()

    def inputs(self) -> list[tuple[str, InputField[Any]]]:
        """Return the fields by name."""
        return [(name, cast("InputField[Any]", field)) for name, field in self.fields.items()]

    def offer(self, choices: Choices) -> None:
        """Set what the named choices offer."""
        for name, offered in choices.items():
            self.fields[name].offer(offered)  # type: ignore[attr-defined]  # choices have it

    def interpret(self, posted: MultiDict[str, str], files: Files) -> FormData:
        """Gather what was posted, load it, check it."""
        inputs = {field.data_key or name: (name, field) for name, field in self.inputs()}
        raw = {key: field.gather(key, posted, files) for key, (_, field) in inputs.items()}
        errors: Errors = {}
        wrong: Collection[str] = ()
        try:
            values = self.load(raw)
        except ValidationError as error:
            values = cast("dict[str, Any]", error.valid_data)
            wrong, errors = error.messages_dict, _flatten(error.messages_dict)
        values |= {name: field.default for key, (name, field) in inputs.items() if key in wrong}
        keys = {name: key for key, (name, _) in inputs.items()}
        for name, message in self.check(values):
            errors.setdefault(keys.get(name, name), message)
        errors = {key: errors[key] for key in (*inputs, *errors) if key in errors}
        typed = {key: field.typed(raw[key]) for key, (_, field) in inputs.items()}
        sent = frozenset(name for key, (name, _) in inputs.items() if key in posted)
        return FormData(values, errors, typed, sent)


def _flatten(messages: Mapping[str, Any]) -> Errors:
    """Return one message for each field; rows have theirs under names such as `name-0`."""
    flat: Errors = {}
    for name, told in messages.items():
        flat |= told if isinstance(told, Mapping) else {name: str(told[0])}
    return flat


class RowsField(InputField[list[dict[str, Any]]]):
    """Any number of rows of a form, posted as `name-0`, `phone-0`, `name-1` …; at most `most`.

    Rows where nothing was typed are left out, the others are numbered anew from 0: in `typed`
    (a list with the typed fields of each row) and in the names of `errors`.
    """

    def __init__(self, form: type[Form], most: int, **options: Any) -> None:
        super().__init__(**options)
        self.form, self.most = form(), most
        self.default = []

    def offer(self, choices: Choices) -> None:
        """Set what choices in the rows offer."""
        self.form.offer(choices)

    def gather(self, name: str, posted: MultiDict[str, str], files: Files) -> list[FormData]:
        del name
        keys = [field.data_key or each for each, field in self.form.inputs()]
        number = re.compile(rf"(?:{'|'.join(map(re.escape, keys))})-([0-9]{{1,4}})")
        found = (number.fullmatch(key) for key in (*posted, *files))
        rows = []
        for row in sorted({int(match[1]) for match in found if match}):
            own = [(key, f"{key}-{row}") for key in keys]
            texts = MultiDict([(key, v) for key, sent in own for v in posted.getlist(sent)])
            sent_files = MultiDict([(key, v) for key, sent in own for v in files.getlist(sent)])
            data = self.form.interpret(texts, sent_files)
            if not self._is_empty(data):
                rows.append(data)
        return rows

    def parse(self, typed: list[FormData]) -> list[dict[str, Any]]:
        if len(typed) > self.most:
            raise ValidationError(_("At most %(n)s rows.", n=self.most))
        errors = {
            f"{name}-{number}": message
            for number, row in enumerate(typed)
            for name, message in row.errors.items()
        }
        if errors:
            raise ValidationError(cast("Any", errors))
        return [row.values for row in typed]

    def typed(self, raw: list[FormData]) -> list[dict[str, Any]]:
        return [row.typed for row in raw]

    def show(self, value: Sequence[Any] | None) -> list[dict[str, Any]]:
        return [self.form.show(each) for each in value or ()]

    def _is_empty(self, row: FormData) -> bool:
        fields = {field.data_key or name: field for name, field in self.form.inputs()}
        return all(fields[key].is_blank(typed) for key, typed in row.typed.items())
