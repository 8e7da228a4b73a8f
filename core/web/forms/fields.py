"""Kinds of input fields, built on marshmallow's fields: how each is gathered, read and shown.

`gather` takes what was posted for a field, `parse` turns it into a value or raises
`ValidationError` with a message for the reader, `show` writes a value as its control shows it.
"""

import re
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time
from typing import Any, Generic, TypeAlias, TypeVar

from flask_babel import LazyString
from flask_babel import gettext as _
from marshmallow import ValidationError, fields
from werkzeug.datastructures import FileStorage, MultiDict

from core.bounds import MOST_DIGITS, clean_text, drop_unstorable, parse_day, parse_moment
from core.clock import zone
from core.identifiers import PERSONAL_PHONES, PhoneKind, parse_phone

Message: TypeAlias = "str | LazyString"
Files = MultiDict[str, FileStorage]
T = TypeVar("T")

_FULL_WIDTH = str.maketrans("０１２３４５６７８９－，", "0123456789-,")
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+")


class InputField(fields.Field[T], Generic[T]):
    """Base of the kinds of fields.

    `required` is the message where nothing was given (empty: the field may be left empty, which
    gives `default`); `wrong` replaces the kind's own message for what cannot be read.
    """

    #: The value of an empty field, unless the form says otherwise.
    empty: Any = None

    def __init__(
        self,
        *,
        required: Message = "",
        wrong: Message = "",
        default: Any = None,
        name: str | None = None,
    ) -> None:
        super().__init__(data_key=name)
        self.required_message, self.wrong_message = required, wrong
        self.default = self.empty if default is None else default

    def gather(self, name: str, posted: MultiDict[str, str], files: Files) -> Any:
        """Return what was posted under a name, cleaned but not stripped: it is shown again."""
        del files
        return clean_text(posted.get(name, ""))

    def is_blank(self, raw: Any) -> bool:
        """Return whether nothing was given."""
        return not raw.strip() if isinstance(raw, str) else not raw

    def typed(self, raw: Any) -> Any:
        """Return what the form shows again of what was gathered."""
        return raw

    def parse(self, typed: Any) -> Any:
        """Return the value of what was given; raises `ValidationError` or `ValueError`."""
        return typed.strip()

    def show(self, value: Any) -> Any:
        """Return a value as its control shows it."""
        return "" if value is None else str(value)

    def explain(self) -> str:
        """Return the message for what cannot be read."""
        return str(_("This cannot be read."))

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        if self.is_blank(value):
            if self.required_message:
                raise ValidationError(str(self.required_message))
            return self.default
        try:
            return self.parse(value)
        except ValidationError as error:
            raise ValidationError(str(self.wrong_message) or error.messages) from error
        except (ValueError, OverflowError) as error:
            raise ValidationError(str(self.wrong_message) or self.explain()) from error


class TextField(InputField[str]):
    """A text of several lines, at most `most` characters."""

    empty = ""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def parse(self, typed: str) -> str:
        text = self.fold(typed)
        if len(text) > self.most:
            raise ValidationError(_("At most %(n)s characters.", n=self.most))
        return text

    def fold(self, typed: str) -> str:
        """Return the text without blanks around it."""
        return typed.strip()


class LineField(TextField):
    """A text on one line; blanks and line breaks within are folded to one blank."""

    def fold(self, typed: str) -> str:
        return " ".join(typed.split())


class SecretField(InputField[str]):
    """A password or key: taken as it is, blanks included, and never shown again."""

    empty = ""

    def gather(self, name: str, posted: MultiDict[str, str], files: Files) -> str:
        del files
        return drop_unstorable(posted.get(name, ""))

    def is_blank(self, raw: str) -> bool:
        return not raw

    def typed(self, raw: str) -> str:
        del raw
        return ""

    def parse(self, typed: str) -> str:
        return typed

    def show(self, value: Any) -> str:
        del value
        return ""


class LinesField(InputField[list[str]]):
    """One entry a line, each once: at most `entries` of `most` characters."""

    def __init__(self, entries: int, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.entries, self.most = entries, most
        self.default = self.default or []

    def parse(self, typed: str) -> list[str]:
        lines = (" ".join(line.split()) for line in typed.split("\n"))
        entries = list(dict.fromkeys(line for line in lines if line))
        if len(entries) > self.entries or max(map(len, entries)) > self.most:
            raise ValidationError(
                _("At most %(n)s lines of %(m)s characters.", n=self.entries, m=self.most)
            )
        return entries

    def show(self, value: Sequence[str] | None) -> str:
        return "\n".join(value or ())


class NumberField(InputField[int]):
    """A whole number from `least` to `most`; `None` where nothing was typed.

    Full-width digits and separators of thousands are read too.
    """

    def __init__(self, least: int, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most = least, most

    def parse(self, typed: str) -> int:
        number = typed.translate(_FULL_WIDTH).strip()
        if _GROUPED.fullmatch(number):
            number = number.replace(",", "")
        if not re.fullmatch(rf"-?[0-9]{{1,{MOST_DIGITS}}}", number):
            raise ValueError(typed)
        if not self.least <= int(number) <= self.most:
            raise ValueError(typed)
        return int(number)

    def explain(self) -> str:
        return str(
            _("Enter a whole number from %(least)s to %(most)s.", least=self.least, most=self.most)
        )


class ChoiceField(InputField[str]):
    """One of the words offered; those may also be given when the form is read."""

    empty = ""

    def __init__(self, offered: Collection[Any] = (), **options: Any) -> None:
        super().__init__(**options)
        self.offer(offered)

    def offer(self, offered: Collection[Any]) -> None:
        """Offer other words (numbers are compared as texts)."""
        self.offered = {str(value): value for value in offered}

    def parse(self, typed: Any) -> Any:
        if typed.strip() not in self.offered:
            raise ValueError(typed)
        return self.offered[typed.strip()]

    def explain(self) -> str:
        return str(_("Choose one of the list."))


class ChoicesField(ChoiceField):
    """Any of the words offered, in the order in which they are offered."""

    def __init__(self, offered: Collection[Any] = (), **options: Any) -> None:
        super().__init__(offered, **options)
        self.default = self.default or []

    def gather(self, name: str, posted: MultiDict[str, str], files: Files) -> list[str]:
        del files
        return [clean_text(each) for each in posted.getlist(name)]

    def parse(self, typed: Any) -> list[Any]:
        chosen = {each.strip() for each in typed if each.strip()}
        if not chosen <= self.offered.keys():
            raise ValueError(typed)
        return [value for key, value in self.offered.items() if key in chosen]

    def show(self, value: Sequence[Any] | None) -> list[str]:
        return [str(each) for each in value or ()]


class TickField(InputField[bool]):
    """A box: `True` where it is ticked."""

    empty = False

    def parse(self, typed: str) -> bool:
        return bool(typed)

    def show(self, value: Any) -> str:
        return "yes" if value else ""


class ButtonField(InputField[bool]):
    """`True` where this button of several was pressed, or this box ticked, whatever it sends."""

    empty = False

    def gather(self, name: str, posted: MultiDict[str, str], files: Files) -> bool:
        del files
        return name in posted

    def parse(self, typed: bool) -> bool:
        return typed

    def show(self, value: Any) -> str:
        return "yes" if value else ""


class TickedField(InputField[list[str]]):
    """Keys of the rows that were ticked, each once; which rows there are, the view knows."""

    def __init__(self, most: int = 20_000, **options: Any) -> None:
        super().__init__(**options)
        self.most = most
        self.default = []

    def gather(self, name: str, posted: MultiDict[str, str], files: Files) -> list[str]:
        del files
        return [clean_text(each).strip() for each in posted.getlist(name)[: self.most]]

    def parse(self, typed: list[str]) -> list[Any]:
        return list(dict.fromkeys(key for key in typed if key))

    def show(self, value: Sequence[Any] | None) -> list[str]:
        return [str(each) for each in value or ()]


class TickedIdsField(TickedField):
    """Ids of the rows that were ticked; what cannot be an id is left out."""

    def parse(self, typed: list[str]) -> list[int]:
        ids = (key for key in typed if re.fullmatch(rf"[0-9]{{1,{MOST_DIGITS}}}", key))
        return list(dict.fromkeys(map(int, ids)))


class KeyedField(InputField[dict[str, str]]):
    """Texts of controls named `name-KEY`, by their keys; those of bounded length, on one line."""

    def __init__(self, most: int = 200, **options: Any) -> None:
        super().__init__(**options)
        self.most = most
        self.default = {}

    def gather(self, name: str, posted: MultiDict[str, str], files: Files) -> dict[str, str]:
        del files
        first = f"{name}-"
        return {
            key.removeprefix(first): clean_text(text)
            for key, text in posted.items()
            if key.startswith(first)
        }

    def parse(self, typed: dict[str, str]) -> dict[str, str]:
        return {key: " ".join(text.split())[: self.most] for key, text in typed.items()}

    def show(self, value: Any) -> dict[str, str]:
        return dict(value or {})


class DayField(InputField[date]):
    """A day of 1900 to 2199, `YYYY-MM-DD`."""

    def parse(self, typed: str) -> date:
        return parse_day(typed)

    def explain(self) -> str:
        return str(_("Enter a day like 2026-09-30."))


class TimeField(InputField[time]):
    """A time of day, `HH:MM`; Chinese keyboards type a full-width colon."""

    def parse(self, typed: str) -> time:
        parsed = time.fromisoformat(typed.strip().replace("：", ":").zfill(5))
        return parsed.replace(tzinfo=None)

    def show(self, value: time | None) -> str:
        return value.strftime("%H:%M") if value else ""

    def explain(self) -> str:
        return str(_("Enter a time like 09:30."))


class MomentField(InputField[datetime]):
    """A day and time in the installation's zone (China's), 1900 to 2199: an aware `datetime`."""

    def parse(self, typed: str) -> datetime:
        return parse_moment(typed.replace("/", "-"), zone())

    def show(self, value: datetime | None) -> str:
        return value.astimezone(zone()).strftime("%Y-%m-%dT%H:%M") if value else ""

    def explain(self) -> str:
        return str(_("Enter a day and a time like 2026-09-30 09:30."))


class PhoneField(InputField[str]):
    """A phone number, normalised to its digits; by default one where a person can be called."""

    empty = ""

    def __init__(self, kinds: AbstractSet[PhoneKind] = PERSONAL_PHONES, **options: Any) -> None:
        super().__init__(**options)
        self.kinds = kinds

    def parse(self, typed: str) -> str:
        number = parse_phone(typed, self.kinds)
        if number is None:
            raise ValueError(typed)
        return number

    def explain(self) -> str:
        return str(_("This is no phone number."))


class FileField(InputField[FileStorage]):
    """A file that was sent, `None` where none was chosen."""

    def gather(self, name: str, posted: MultiDict[str, str], files: Files) -> FileStorage:
        del posted
        return files.get(name) or FileStorage()

    def typed(self, raw: FileStorage) -> str:
        del raw
        return ""

    def parse(self, typed: FileStorage) -> FileStorage:
        return typed

    def show(self, value: Any) -> str:
        del value
        return ""


class FilesField(InputField[list[FileStorage]]):
    """Any number of files, at most `most`."""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.most = most
        self.default = []

    def gather(self, name: str, posted: MultiDict[str, str], files: Files) -> list[FileStorage]:
        del posted
        return [file for file in files.getlist(name) if file.filename]

    def typed(self, raw: list[FileStorage]) -> str:
        del raw
        return ""

    def parse(self, typed: list[FileStorage]) -> list[FileStorage]:
        if len(typed) > self.most:
            raise ValidationError(_("At most %(n)s files.", n=self.most))
        return typed

    def show(self, value: Any) -> str:
        del value
        return ""
