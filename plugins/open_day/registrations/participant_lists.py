"""Lists of people as offices send them: pasted or from a file, with or without headings.

Rows come out either as a person or as what is wrong with them, never as a guess.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import get_locale

from core.sdk import ListColumn, ListFault, ListRead, ListSource, parse_phone, read_list

from ..i18n import _

MOST_ROWS = 2_000
MOST_HEADS = 200
_HAS_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"[0-9]{1,4}[.、]?")
_SEXES = frozenset("男女")
_HEADS = re.compile(r"([1-9][0-9]{0,2})\s*人?")


@dataclass(frozen=True, slots=True)
class Person:
    """One row that can be used; `place` says where it stood."""

    place: str
    name: str
    phone: str
    unit: str = ""
    heads: int = 1
    note: str = ""


@dataclass(slots=True)
class ListOutcome:
    """What a list gave; `refused` are people who could not be taken, and why."""

    people: list[Person] = field(default_factory=list)
    faults: list[ListFault] = field(default_factory=list)
    refused: list[tuple[Person, str]] = field(default_factory=list)
    read: ListRead = field(default_factory=ListRead)

    def to_preview(self) -> dict[str, Any]:
        """Return the list as the component `list_preview` shows it, before anybody is entered."""
        return self.read.to_preview(_language())

    def to_findings(self) -> list[dict[str, str]]:
        """List what was wrong, row by row, as the page shows it."""
        refused = [ListFault(why, each.place, text=each.name) for each, why in self.refused]
        return ListRead(faults=[*self.faults, *refused]).to_findings(_language())


def _language() -> str:
    return "zh" if str(get_locale() or "zh").startswith("zh") else "en"


def read_people(source: ListSource) -> ListOutcome:
    """Read the people of a list; of two rows with one name and phone the second is a fault."""
    read = read_list(source, _columns(), guess=_guess, most=MOST_ROWS)
    # The whole row, so that it can be recognised and corrected.
    texts = {row.place: " ".join(filter(None, row.cells)) for row in source.tables[0]}
    faults = [replace(fault, text=texts.get(fault.place, fault.text)) for fault in read.faults]
    outcome, seen = ListOutcome(faults=faults, read=read), set[tuple[str, str]]()
    read.faults = outcome.faults
    for row in list(read.rows):
        values = {key: value for key, value in row.values.items() if value is not None}
        person = Person(row.place, **values)
        if (person.name, person.phone) in seen:
            twice = _("This person stands in the list twice.")
            outcome.faults.append(ListFault(twice, row.place, text=person.name))
            read.rows.remove(row)
        else:
            seen.add((person.name, person.phone))
            outcome.people.append(person)
    return outcome


def _columns() -> tuple[ListColumn, ...]:
    """Return the columns, with the headings by which offices call them."""
    return (
        ListColumn("name", _("Name"), ("姓名", "名字", "受邀人", "推荐人选"),
                   required=True, longest=40, parse=_parse_name),
        ListColumn("phone", _("Telephone number"),
                   ("手机号码", "手机号", "手机", "联系电话", "联系方式", "电话", "mobile"),
                   required=True, longest=40, parse=_parse_phone),
        ListColumn("unit", _("Unit"),
                   ("工作单位", "单位", "所在单位", "推荐单位", "村社区", "村", "organisation"),
                   longest=80),
        ListColumn("heads", _("People"), ("人数", "参加人数"), parse=_parse_heads),
        ListColumn("note", _("Note"), ("备注", "说明", "类别", "remarks")),
    )  # fmt: skip


def _parse_name(text: str) -> str:
    if not _HAS_LETTER.search(text):
        raise ValueError(_("This is no name."))
    return text


def _parse_phone(text: str) -> str:
    phone = parse_phone(text)
    if phone is None:
        raise ValueError(_("This is no telephone number."))
    return phone


def _parse_heads(text: str) -> int:
    number = _HEADS.fullmatch(text)
    if number is None or int(number[1]) > MOST_HEADS:
        raise ValueError(_("The number of people is not right."))
    return int(number[1])


def _guess(cells: Sequence[str]) -> dict[str, str]:
    """Name the cells of a row without headings: what is a phone, then the name, unit, the rest.

    A number before the name is the row's, and 男 or 女 no unit.
    """
    texts: dict[str, str] = {}
    rest: list[str] = []
    for cell in filter(None, cells):
        if "phone" not in texts and parse_phone(cell):
            texts["phone"] = cell
        elif "heads" not in texts and "name" in texts and _HEADS.fullmatch(cell):
            texts["heads"] = cell
        elif "name" not in texts and _HAS_LETTER.search(cell):
            texts["name"] = cell
        elif cell not in _SEXES:
            rest.append(cell)
    if "name" in texts and rest and _NUMBER.fullmatch(rest[0]):
        del rest[0]
    if rest and "phone" not in texts and not _HAS_LETTER.search(rest[0]):
        texts["phone"] = rest.pop(0)
    unit = next((cell for cell in rest if _HAS_LETTER.search(cell)), "")
    if unit:
        rest.remove(unit)
    return texts | {"unit": unit, "note": " ".join(rest)}
