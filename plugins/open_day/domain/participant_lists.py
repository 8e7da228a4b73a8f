"""Lists of people as offices send them: pasted or from a table, with or without a head row.

Rows come out either as a person or as what is wrong with them, never as a guess.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

MOST_ROWS = 2_000
LONGEST = {"name": 40, "phone": 20, "unit": 80, "note": 200}
MOST_HEADS = 200

# Column → how offices head it.
_HEADS = {
    "name": ("姓名", "名字", "受邀人", "推荐人选", "name"),
    "phone": ("手机号码", "手机号", "手机", "联系电话", "联系方式", "电话", "phone", "mobile"),
    "unit": ("工作单位", "单位", "所在单位", "推荐单位", "村社区", "村", "unit", "organisation"),
    "heads": ("人数", "参加人数", "heads", "people"),
    "note": ("备注", "说明", "类别", "note", "remarks"),
}
_COLUMN_OF = {head: column for column, heads in _HEADS.items() for head in heads}
_SEPARATOR = re.compile(r"[\t,，;；、]")
_BLANKS = re.compile(r"\s+")
_HAS_LETTER = re.compile(r"[^\W\d_]")


class RowFault(StrEnum):
    """What can be wrong with a row."""

    NO_NAME = "no_name"
    BAD_NAME = "bad_name"
    NO_PHONE = "no_phone"
    BAD_PHONE = "bad_phone"
    BAD_HEADS = "bad_heads"
    TOO_LONG = "too_long"
    TWICE = "twice"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Person:
    """One row that can be used; `place` says where it stood."""

    place: str
    name: str
    phone: str
    unit: str = ""
    heads: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row that cannot be used, as it was typed, and why."""

    place: str
    text: str
    fault: RowFault


@dataclass(slots=True)
class ListOutcome:
    """What a list gave; `refused` are people who could not be taken, and why."""

    people: list[Person] = field(default_factory=list)
    faults: list[RejectedRow] = field(default_factory=list)
    refused: list[tuple[Person, str]] = field(default_factory=list)


ListRow = tuple[str, Sequence[str]]


def pasted_rows(text: str) -> list[ListRow]:
    """Rows of a pasted list: one person on each line, columns parted by tab, comma or blanks."""
    rows: list[ListRow] = []
    for number, line in enumerate(text.replace("\x00", "").splitlines(), 1):
        if line.strip():
            parts = _SEPARATOR.split(line) if _SEPARATOR.search(line) else line.split()
            rows.append((str(number), [_tidy(part) for part in parts]))
    return rows


def read_people(rows: Iterable[ListRow]) -> ListOutcome:
    """People of a list; of two rows with one name and phone the second is a fault."""
    outcome, columns, seen = ListOutcome(), None, set[tuple[str, str]]()
    for place, texts in rows:
        cells = [_tidy(text) for text in texts]
        if not any(cells):
            continue
        if columns is None:
            columns = _heads(cells)
            if columns is not None:
                continue
            columns = {}
        found = _person(place, _by_head(cells, columns) if columns else _by_look(cells))
        if isinstance(found, Person) and (found.name, found.phone) in seen:
            found = RowFault.TWICE
        if isinstance(found, Person) and len(outcome.people) >= MOST_ROWS:
            found = RowFault.TOO_MANY
        if isinstance(found, RowFault):
            outcome.faults.append(RejectedRow(place, " ".join(filter(None, cells)), found))
        else:
            seen.add((found.name, found.phone))
            outcome.people.append(found)
    return outcome


def _tidy(text: str) -> str:
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip().strip("'")


def _heads(cells: Sequence[str]) -> dict[int, str] | None:
    """Place → column, where the row is a head row."""
    plain = [re.sub(r"[\s()/*:]|选填|必填", "", cell.lower()) for cell in cells]
    found = {place: _COLUMN_OF[head] for place, head in enumerate(plain) if head in _COLUMN_OF}
    return found if "name" in found.values() else None


def _by_head(cells: Sequence[str], columns: dict[int, str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for place, cell in enumerate(cells):
        column = columns.get(place)
        if column and cell and not values.get(column):
            values[column] = cell
    return values


def _by_look(cells: Sequence[str]) -> dict[str, str]:
    """Without a head row: the number that is a phone, then the name, then the unit, the rest."""
    values: dict[str, str] = {}
    rest = []
    for cell in cells:
        if "phone" not in values and looks_like_phone(cell):
            values["phone"] = cell
        elif "heads" not in values and re.fullmatch(r"\d{1,3}人?", cell) and "name" in values:
            values["heads"] = cell
        elif "name" not in values and _HAS_LETTER.search(cell):
            values["name"] = cell
        elif cell:
            rest.append(cell)
    if rest and not _HAS_LETTER.search(rest[0]) and "phone" not in values:
        values["phone"] = rest.pop(0)
    values["unit"] = rest[0] if rest else ""
    values["note"] = " ".join(rest[1:])
    return values


def plain_phone(text: str) -> str:
    """A phone number without blanks, brackets and hyphens, and without +86."""
    digits = re.sub(r"[\s()\-.]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"^(?:\+|00)86", "", digits)


def looks_like_phone(text: str) -> bool:
    """A mobile number, or a fixed line of a Chinese area with or without its area code."""
    return bool(re.fullmatch(r"1[3-9]\d{9}|0\d{2,3}\d{7,8}|[2-8]\d{6,7}", plain_phone(text)))


def _person(place: str, values: dict[str, str]) -> Person | RowFault:
    name, phone = values.get("name", ""), plain_phone(values.get("phone", ""))
    heads = values.get("heads", "").removesuffix("人") or "1"
    checks = (
        (
            any(len(values.get(column, "")) > most for column, most in LONGEST.items()),
            RowFault.TOO_LONG,
        ),
        (not name, RowFault.NO_NAME),
        (not _HAS_LETTER.search(name), RowFault.BAD_NAME),
        (not phone, RowFault.NO_PHONE),
        (not looks_like_phone(phone), RowFault.BAD_PHONE),
        (not re.fullmatch(r"[1-9]\d{0,3}", heads) or int(heads) > MOST_HEADS, RowFault.BAD_HEADS),
    )
    for wrong, fault in checks:
        if wrong:
            return fault
    return Person(place, name, phone, values.get("unit", ""), int(heads), values.get("note", ""))
