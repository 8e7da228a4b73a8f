"""Tell identity numbers, disability cards, phones and bank cards in a run of digits.

Numbers with right check digits need no words beside them; others need a word (身份证, 卡号) in
their clause, in the head of their column, or a plausible area and day of birth. Words such as
合同编号 say that a number is no person's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.identifiers import birth_date, is_bank_card, is_id_number
from core.privacy.domain import masks
from core.privacy.domain.context import ColumnWords, NumberContext
from core.privacy.domain.digits import Group, to_groups
from core.privacy.domain.findings import FindingKind, PersonalFinding, Rules
from core.privacy.domain.pasted import PastedLists

_PROVINCES = frozenset(
    str(code)
    for first, last in (
        (11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65),
        # Taiwan, Hong Kong and Macao on residence permits; the demonstration county.
        (71, 71), (81, 83), (99, 99),
    )
    for code in range(first, last + 1)
)  # fmt: skip
_DISABILITY = re.compile(r"(\d{17}[\dX])([1-7][1-4])")
_OLD_ID = re.compile(r"\d{15}")
_MOBILE = re.compile(r"(?:\+?(?:00)?86)?(1[3-9]\d{9})")
_CARD = re.compile(r"\d{12,21}")
#: Beginnings of the cards of mainland banks, and of the international ones with 16 digits.
_ISSUERS = re.compile(
    r"62|9558|9559|4367|4563|6013|4055|4581|603[0-9]|60[14]|69|5218|5201|5525|4270|[345]\d{15}$"
)
# Groups in which people write a phone or a card; an identity number may stand in any.
_PHONE_SHAPES = frozenset({(11,), (3, 4, 4), (4, 4, 3), (3, 3, 5), (7, 4), (3, 8)})
_SAID_PHONE_SHAPES = _PHONE_SHAPES | {(5, 6), (4, 7), (3, 2, 2, 2, 2), (6, 5), (1,) * 11}
_ID_SHAPES = frozenset(
    {(6, 8, 4), (6, 4, 4, 4), (6, 4, 2, 2, 4), (3, 3, 4, 4, 4), (6, 12), (14, 4), (4, 4, 4, 4, 2)}
    | {(6, 4, 8), (6, 6, 6), (3, 3, 8, 4), (10, 8), (9, 9), (1,) * 18}
)
_LONGEST = 22
#: What is said of a number: around it, or by the head of a column of numbers.
Words = NumberContext | ColumnWords
_MASKED_TAIL = re.compile(r"[0-9Xx]\*+\Z")
_BARE = re.compile(r"[0-9]{10,21}[0-9Xx]")
_DECIMALS = re.compile(r"[.．]\d{1,2}(?![\d.．])")
_LETTER = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]")
_LEADING_WORD = re.compile(r"(?:tel|phone|mobile|mob|sj|dh|wx|vx|qq|id)$", re.IGNORECASE)


@dataclass(slots=True)
class _Candidate:
    """Adjacent groups of a run read as one number."""

    digits: str
    shape: tuple[int, ...]
    start: int
    end: int


class NumberReader:
    """Find the numbers of persons in runs of digits of one text."""

    def __init__(self, text: str, rules: Rules, head: str, lists: PastedLists) -> None:
        self._text, self._rules, self._head, self._lists = text, rules, head, lists

    def read(self, start: int, end: int) -> list[PersonalFinding]:
        """Return the numbers of persons in a run, in their order."""
        groups = self._trim(to_groups(self._text, start, end))
        findings = list[PersonalFinding]()
        position = 0
        while position < len(groups):
            count, finding = self._read_at(groups, position)
            if finding is not None:
                findings.append(finding)
            position += count
        return findings

    def _trim(self, groups: list[Group]) -> list[Group]:
        """Leave out groups that letters touch, and the end of what is masked already."""
        if groups:
            before = self._text[max(0, groups[0].start - 24) : groups[0].start]
            glued = _LETTER.match(before[-1:]) and not _LEADING_WORD.search(before)
            if glued or _MASKED_TAIL.search(before):
                groups = groups[1:]
        if groups and _LETTER.match(self._text[groups[-1].end : groups[-1].end + 1]):
            followed = self._text[groups[-1].end : groups[-1].end + 2]
            if not re.fullmatch(r"[Bb]\d", followed):
                groups = groups[:-1]
        return groups

    def _read_at(
        self, groups: Sequence[Group], position: int
    ) -> tuple[int, PersonalFinding | None]:
        """Return how many groups were used, and the number they make, if any."""
        cards = list[tuple[bool, int, PersonalFinding]]()
        for candidate in _list_candidates(groups, position):
            if not _may_be_personal(candidate):
                continue
            finding = self._judge(candidate, groups[position], groups[position - 1])
            count = len(candidate.shape)
            if finding is not None and (finding.kind is not FindingKind.BANK_CARD or count == 1):
                return count, finding
            if finding is not None:
                cards.append((is_bank_card(candidate.digits), count, finding))
        if not cards:
            return 1, None
        _, count, finding = max(cards, key=lambda card: card[:2])
        return count, finding

    def _judge(
        self, candidate: _Candidate, first: Group, previous: Group
    ) -> PersonalFinding | None:
        if first.gap == "." and previous.end < first.start and len(previous.digits) > 2:
            return None  # the decimals of a number
        if _DECIMALS.match(self._text, candidate.end) or self._is_kept(candidate.digits):
            return None
        words = NumberContext(self._text, (candidate.start, candidate.end), self._head, self._lists)
        kind = _tell_kind(candidate, words, self._rules)
        if kind is None:
            return None
        start = self._with_country_code(candidate)
        masked = _mask(kind, candidate.digits, self._rules)
        return PersonalFinding(
            kind, start, candidate.end, self._text[start : candidate.end], masked
        )

    def _is_kept(self, digits: str) -> bool:
        phone = _MOBILE.fullmatch(digits)
        return digits in self._rules.keep or bool(phone and phone[1] in self._rules.keep)

    def _with_country_code(self, candidate: _Candidate) -> int:
        before = candidate.start - 1
        is_code = candidate.digits.startswith("86") and before >= 0
        return before if is_code and self._text[before] in "+＋" else candidate.start


class BareCells:
    """Tells the kinds of cells that are nothing but one number: nothing stands around them.

    The words of their column are looked at once for all of them.
    """

    def __init__(self, rules: Rules, words: ColumnWords) -> None:
        self._rules, self._words = rules, words

    def find(self, cell: str, where: str) -> PersonalFinding | None:
        """Return the number of a person that a cell is; `is_bare` must hold for it."""
        digits, rules = cell.upper(), self._rules
        phone = _MOBILE.fullmatch(digits)
        if digits in rules.keep or (phone and phone[1] in rules.keep):
            return None
        candidate = _Candidate(digits, (len(digits),), 0, len(cell))
        if not _may_be_personal(candidate):
            return None
        kind = _tell_kind(candidate, self._words, rules)
        if kind is None:
            return None
        return PersonalFinding(kind, 0, len(cell), cell, _mask(kind, digits, rules), where)


def is_bare(cell: str) -> bool:
    """Say whether a cell is nothing but digits in one group, the last of which may be an X."""
    return _BARE.fullmatch(cell) is not None


def _list_candidates(groups: Sequence[Group], position: int) -> Iterator[_Candidate]:
    """Yield what may begin at a group: itself first, then it together with those that follow."""
    digits, shape = "", list[int]()
    for group in groups[position:]:
        digits += group.digits
        shape.append(len(group.digits))
        if len(digits) > _LONGEST:
            return
        if len(digits) >= 11:
            yield _Candidate(digits, tuple(shape), groups[position].start, group.end)


def _may_be_personal(number: _Candidate) -> bool:
    """Say by length and groups whether it is worth looking at the words around."""
    digits, count, shape = number.digits, len(number.digits), number.shape
    if len(shape) == 1:
        return count > 11 or digits[0] == "1"
    if count in {18, 20} and is_id_number(digits[:18]):
        return True
    if _MOBILE.fullmatch(digits):
        return _phone_shape(number) in _SAID_PHONE_SHAPES
    return shape in _ID_SHAPES or (count > 11 and _is_card_shape(shape))


def _tell_kind(number: _Candidate, words: Words, rules: Rules) -> FindingKind | None:
    digits = number.digits
    if _MOBILE.fullmatch(digits):
        return _tell_phone(number, words)
    if _DISABILITY.fullmatch(digits):
        holder = digits[:18]
        if _is_id(holder, words) or (words.says_disability and not words.says_record):
            return FindingKind.DISABILITY_NUMBER
    if len(digits) == 18 and _is_id(digits, words):
        return FindingKind.ID_NUMBER
    if words.says_record:
        return None
    return _tell_unchecked(number, words, rules)


def _is_id(digits: str, words: Words) -> bool:
    return is_id_number(digits) and not words.says_record


def _tell_unchecked(number: _Candidate, words: Words, rules: Rules) -> FindingKind | None:
    """Tell what has no right check digits of an identity number, or none at all."""
    if words.says_card:
        if _CARD.fullmatch(number.digits) and _is_card_shape(number.shape):
            return FindingKind.BANK_CARD
    elif _is_mistyped_id(number, words, rules):
        return FindingKind.MISTYPED_ID_NUMBER
    elif _is_old_id(number, words):
        return FindingKind.ID_NUMBER
    if words.says_numbered or not _is_card_shape(number.shape):
        return None
    is_card = is_bank_card(number.digits) and _ISSUERS.match(number.digits)
    return FindingKind.BANK_CARD if is_card else None


def _tell_phone(number: _Candidate, words: Words) -> FindingKind | None:
    if _phone_shape(number) not in (_SAID_PHONE_SHAPES if words.says_phone else _PHONE_SHAPES):
        return None
    if words.says_record or words.says_numbered or words.is_amount:
        return None
    return FindingKind.PHONE


def _phone_shape(number: _Candidate) -> tuple[int, ...]:
    """Return the groups of a phone without its country code."""
    shape, code = number.shape, len(number.digits) - 11
    if not code:
        return shape
    return shape[1:] if shape[0] == code else (shape[0] - code, *shape[1:])


def _is_mistyped_id(number: _Candidate, words: Words, rules: Rules) -> bool:
    """Say whether a number of 18 places lacks only its right check digit, or is said to be one."""
    digits, count = number.digits, len(number.digits)
    is_shaped = len(number.shape) == 1 or number.shape in _ID_SHAPES
    if not is_shaped or "X" in digits[:-1]:
        return False
    if words.says_id:
        return count in {16, 17, 18, 19} or (count == 15 and not _is_born(f"19{digits[6:12]}"))
    born = birth_date(digits) if count == 18 else None
    if born is None or (digits[:2] not in _PROVINCES and digits[0] == "0"):
        return False
    if words.lists_people or digits.endswith("X"):
        return True
    # The numbers of contracts begin with an area and today's date too.
    is_plausible = digits[:2] in _PROVINCES and born.year < rules.today().year - 1
    return is_plausible and not words.says_numbered


def _is_old_id(number: _Candidate, words: Words) -> bool:
    """Say whether 15 digits are an identity number as given until 1999: it has no check digit."""
    digits = number.digits
    if not _OLD_ID.fullmatch(digits) or not (len(number.shape) == 1 or words.says_id):
        return False
    is_plausible = digits[:2] in _PROVINCES and _is_born(f"19{digits[6:12]}")
    return is_plausible and (words.says_id or words.lists_people)


def _is_born(day: str) -> bool:
    return birth_date(f"{'0' * 6}{day}") is not None


def _is_card_shape(shape: tuple[int, ...]) -> bool:
    """Say whether digits are written as cards are: whole, in fours, or the issuer and the rest."""
    in_fours = all(size == 4 for size in shape[:-1]) and shape[-1] <= 4
    return len(shape) == 1 or in_fours or (len(shape) == 2 and shape[0] == 6)


def _mask(kind: FindingKind, digits: str, rules: Rules) -> str:
    if kind is FindingKind.PHONE:
        return masks.mask_phone(digits[-11:], rules.mask)
    if kind is FindingKind.BANK_CARD:
        return masks.mask_bank_card(digits, rules.mask)
    if kind is FindingKind.DISABILITY_NUMBER:
        return masks.mask_id_number(digits[:18], rules.mask) + "*" * len(digits[18:])
    if len(digits) in {15, 18}:
        return masks.mask_id_number(digits, rules.mask)
    return masks.mask_mistyped_id(digits, rules.mask)
