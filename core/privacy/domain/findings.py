"""What a scan for personal data finds, and the rules of a place for it."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.privacy.domain.masks import DEFAULT_FORMAT, MaskFormat


class FindingKind(StrEnum):
    """What personal data is."""

    ID_NUMBER = "id_number"
    #: A wrong digit, one too few or too many: still enough to know the person.
    MISTYPED_ID_NUMBER = "mistyped_id_number"
    DISABILITY_NUMBER = "disability_number"
    PHONE = "phone"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    ADDRESS = "address"
    NAME = "name"
    #: A WeChat or QQ account of a person.
    ACCOUNT = "account"
    #: Where a photograph was taken.
    POSITION = "position"


@dataclass(frozen=True, slots=True)
class PersonalFinding:
    """Personal data at a place: `start` and `end` count characters of the text scanned.

    `where` names the part of a table or file: `B3`, `Sheet2 (hidden)!C5`, `page 3`.
    """

    kind: FindingKind
    start: int
    end: int
    text: str
    masked: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as personal data at a place, and how it is masked (N31).

    `keep`: digits of numbers that are the office's own (mobiles on duty) or plates of its cars.
    `protected`: plain heads (`to_plain_head`) of columns whose cells tell of persons that must not
    be known (minors, patients). `today`: no identity number was given to anybody born later.
    """

    mask: MaskFormat = DEFAULT_FORMAT
    keep: frozenset[str] = frozenset()
    protected: frozenset[str] = frozenset()
    today: Callable[[], date] = date.today

    def protects(self, head: str) -> bool:
        """Say whether the head of a column is protected, also with more before it (患儿姓名)."""
        plain = to_plain_head(head) if self.protected else ""
        return bool(plain) and any(plain.endswith(name) for name in self.protected)


DEFAULT_RULES = Rules()
_AFTER_HEAD = re.compile(r"[*:\s]+|\([^()]*\)$")


def to_plain_head(head: str) -> str:
    """Return the head of a column without blanks, signs, and a bracket at its end."""
    return _AFTER_HEAD.sub("", unicodedata.normalize("NFKC", head))


@dataclass(frozen=True, slots=True)
class ColumnFindings:
    """The findings of one kind in one column of a table; `column` counts from 0."""

    column: int
    kind: FindingKind
    findings: Sequence[PersonalFinding] = field(default=())

    @property
    def places(self) -> int:
        return len(self.findings)
