"""Parsers of list fields and of the time limit.

公开内容(要素): a list of elements. 公开依据: one string for each 《…》 with what follows it.
公开主体: the organs named in a cell. 公开时限: kept as the phrase that is printed.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from core.tables.fields.base import Parsed
from core.tables.fields.enumeration import clean_entry, split_marked, unnumbered
from core.tables.fields.wrapping import (
    ends_with_word,
    goes_on,
    is_broken_word,
    is_cut,
    is_cut_organ,
)
from core.tables.model import Note
from core.tables.text import (
    bracketed,
    closing_bracket,
    fold,
    open_brackets,
    split_lines,
    split_outside,
    tidy,
    visible,
)

_CONTINUES_BEFORE = ("、", "和", "及", "与", "或", ":", ",", "(", "《")
_CONTINUES_AFTER = ("、", ")", "》", ";", ",", "。", ":", "\u201d")
#: What a bracket holds that is another name or a remark, not elements.
_REMARK = re.compile(r"^(?:原|即|试行|暂行|以下简称|简称|又称|见|含|不含|除|如|详见)")
#: A cell wrapped at a fixed width has lines of one length, none of them as short as this.
_NARROW = 7
#: An element of no more letters may be the rest of the one before.
_SHORTEST = 2
#: No element goes on over lines beyond this, whatever bracket it leaves open.
_LONGEST_ELEMENT = 1_000


def read_elements(pieces: Sequence[str]) -> Parsed[tuple[str, ...]]:
    """Split a cell, and its continuation rows, into elements without bullets and numbers.

    Numbers and bullets decide; else lines and semicolons; a single line that joins by 、 is
    split there (outside brackets only), which is said in a note.
    """
    if len(pieces) > 1 and any(split_marked(piece) is None for piece in pieces):
        return _by_line([split_lines(piece) for piece in pieces])
    marked = split_marked("\n".join(pieces))
    if marked is not None:
        return _result(marked)
    lines = split_lines("\n".join(pieces))
    if _is_wrapped(lines):
        lines = ["".join(lines)]
    if len(lines) > 1:
        return _by_line([lines])
    parts = [part for line in lines for part in split_outside(line, ";")]
    if len(parts) == 1 and ";" not in fold(pieces[0]):
        return _joined(clean_entry(parts[0]))
    return _result([clean_entry(unnumbered(part)) for part in parts])


def elements_in_name(name: str) -> tuple[str, Parsed[tuple[str, ...]]] | None:
    """Read an item's name that closes with a bracket of elements; `None` if it has none."""
    split = closing_bracket(name)
    if split is None or not split[1] or _REMARK.match(split[1]):
        return None
    parts = [clean_entry(part) for part in split_outside(split[1], "、,;")]
    note = Note("elements-from-name", "info", {"name": name})
    return split[0], Parsed(tuple(part for part in parts if part) or None, (note,))


def _result(parts: Sequence[str]) -> Parsed[tuple[str, ...]]:
    return Parsed(tuple(part for part in parts if part) or None)


def _joined(text: str) -> Parsed[tuple[str, ...]]:
    parts = split_outside(text, "、")
    if len(parts) < 2:
        return _result([text])
    if len(split_outside(text, "。,")) > 1:
        return Parsed((text,), (Note("content-prose", "info"),))
    return Parsed(tuple(parts), (Note("content-split", "info"),))


def _by_line(cells: Sequence[Sequence[str]]) -> Parsed[tuple[str, ...]]:
    """Read lines as elements; those that only a narrow column broke are put together again."""
    lines = [line for cell in cells for line in cell]
    merged = _merged(lines)
    parts = [clean_entry(part) for line in merged for part in split_outside(line, ";")]
    if any(is_cut(part) for part in parts):
        return Parsed(None, (Note("words-cut", "warning", {"text": " / ".join(lines)}),))
    if len(merged) < len(lines):
        return Parsed(_result(parts).value, (Note("words-joined"),))
    # A row of its own may go on with an element as well as begin the next one.
    doubtful = len(cells) > 1
    doubtful = doubtful or (len(merged) > 1 and not all(map(_reads_whole, merged[:-1])))
    doubtful = doubtful or any(_may_be_broken([*map(len, cell)]) for cell in (merged, *cells))
    return Parsed(_result(parts).value, (Note("content-lines"),) if doubtful else ())


def _may_be_broken(lengths: Sequence[int]) -> bool:
    """Say whether lines of these lengths may be words that a very narrow column broke."""
    if len(lengths) < 2:
        return False
    widest = max(lengths)
    goes_on = any(length == widest > after for length, after in pairwise(lengths))
    return min(lengths) <= _SHORTEST or (goes_on and widest <= _NARROW)


def _reads_whole(line: str) -> bool:
    """Say whether a line ends as an element does: with a mark, a bracket or a known word."""
    return fold(line)[-1:] in ";。)》" or ends_with_word(line)


def _merged(lines: Sequence[str]) -> list[str]:
    """Put lines together that go on with the one before."""
    merged: list[str] = []
    depth = 0
    closes = _closes_below(lines)
    for number, line in enumerate(lines):
        joins = bool(merged) and (goes_on(line) or is_broken_word(merged[-1], line))
        if merged and (joins or _continues(merged[-1], line, is_open=depth > 0)):
            merged[-1] += line
            depth = open_brackets(line, depth)
        else:
            merged.append(line)
            depth = open_brackets(line)
        depth = depth if closes[number] else 0
    return [clean_entry(unnumbered(line)) if len(merged) > 1 else line for line in merged]


def _closes_below(lines: Sequence[str]) -> list[bool]:
    """Say by line whether a bracket that is open after it is closed in a line below.

    One that never is was forgotten, and keeps nothing together; so was a 《 before another, where
    they do not pair.
    """
    unpaired = _is_unclosed("".join(lines))
    found: list[bool] = []
    closes, below = False, ""
    for line in reversed(lines):
        found.append(closes and not (unpaired and below.startswith("《")))
        closes, below = closes or any(mark in fold(line) for mark in ")》】」』"), line
    return found[::-1]


def _continues(before: str, after: str, *, is_open: bool) -> bool:
    if len(before) > _LONGEST_ELEMENT:
        return False
    return is_open or fold(before[-1]) in _CONTINUES_BEFORE or fold(after[0]) in _CONTINUES_AFTER


def _is_wrapped(lines: Sequence[str]) -> bool:
    if len(lines) < 2 or not any("、" in line for line in lines):
        return False
    lengths = [len(line) for line in lines[:-1]]
    return (
        min(lengths) >= _NARROW
        and max(lengths) - min(lengths) <= 1
        and (len(lines[-1]) <= max(lengths))
        and not any(line.endswith((";", "\uff1b", "。")) for line in lines[:-1])
    )


_SEPARATORS = "、,;"
_BROKEN_NUMBER = re.compile(r"(?<=[0-9])[ \t]*\n[ \t]*(?=[0-9])")
#: So many characters before a citation show whether the one before it is over.
_TAIL = 60
_QUOTES = re.compile("[《》]")
_ENDS_LIKE_LAW = re.compile(
    r"(?:法|条例|办法|规定|规程|细则|通知|意见|决定|规则|标准|方案|规范|制度|准则|纲要|规划|要点|解释)"
    r"(?:\([^()]*\))?(?:等|等规定|等文件)?$"
)
_LAW_ALONE = re.compile(r"(?:法|条例|办法|规定|规程|细则|通知|意见)(?:等|等规定|等文件)?$")
#: A label (【法律】) or a number in front of a citation belongs to it, not to the one before.
_LEAD = re.compile(
    r"(?:【[^】]{0,12}】[:\uff1a]?|\[[^\]]{0,12}\]|[(\uff08]?\d{1,2}[.\uff0e、)\uff09]"
    r"|[\u2460-\u2473]|[●•◆■▪])+$"
)


def read_legal_basis(text: str) -> Parsed[tuple[str, ...]]:
    """Split a cell before each citation; the parts, joined, give the cell without its blanks.

    A citation that lacks its 》 ends where the next one begins, if it reads like a law's name or a
    separator stands there; a note says so in any case.
    """
    phrase = read_phrase(text)
    text = phrase.value or ""
    if not text:
        return Parsed(None)
    starts = _citations(text)
    cuts = sorted({_with_lead(text, start) for start in starts[1:]} - {0})
    bounds = zip([0, *cuts], [*cuts, len(text)], strict=True)
    notes = (Note("citation-unclosed", "warning"),) if _is_unclosed(text) else ()
    return Parsed(tuple(text[start:end] for start, end in bounds), (*phrase.notes, *notes))


def _is_unclosed(text: str) -> bool:
    return text.count("《") != text.count("》")


def _citations(text: str) -> list[int]:
    """Return where citations begin; one inside another (关于印发《…》的通知) belongs to it."""
    if not _is_unclosed(text):
        return [start for start, _ in bracketed(text) if text[start] == "《"]
    starts: list[int] = []
    depth = 0
    for match in _QUOTES.finditer(text):
        position = match.start()
        if match[0] == "》":
            # The first citation may have lost its 《.
            starts += [0] if not starts and not depth else []
            depth = max(0, depth - 1)
        elif depth and not _ends_citation(text[max(starts[-1], position - _TAIL) : position]):
            depth += 1
        else:
            starts.append(position)
            depth = 1
    return starts


def _ends_citation(text: str) -> bool:
    """Say whether a citation without its 》 reads as if it were over."""
    return fold(text[-1]) in _SEPARATORS + ")。" or bool(_ENDS_LIKE_LAW.search(fold(text)))


def _with_lead(text: str, start: int) -> int:
    lead = _LEAD.search(text, 0, start)
    return lead.start() if lead else start


def is_citation(text: str) -> bool:
    """Say whether the text reads like the name of a law or a document."""
    return "《" in text or bool(_LAW_ALONE.search(tidy(text)))


_LONGEST_ORGAN = 200
_ENDINGS = (
    "部门|政府|机关|机构|单位|委员会|委|局|办|办公室|中心|院|站|所|处|室|科|股|组|队|会|厅|部|校|公司|村"
    "|社区|街道|乡|镇|企业|大厅|支行|银行|农场|园区|管委会|政法委"
)
_ORGAN = re.compile(rf"(?:{_ENDINGS})(?:\([^()]*\))?$")
_DEPARTMENT = re.compile(r"(?:部门|局|办公室|委|机构|单位)(?:\([^()]*\))?$")
_OWN_START = re.compile(
    r"^(?:国家|中央|省|市|县|区|旗|乡|镇|街道|村|居|社区|行政村|各|本|地方|基层|[\u4e00-\u9fff]{1,6}[省市县区旗乡镇])"
)


def looks_like_organ(text: str) -> bool:
    """Say whether the text ends as the names of organs do."""
    return bool(_ORGAN.search(fold(text)))


def read_organs(text: str) -> Parsed[tuple[str, ...]]:
    """Split a cell at 、,; and at lines that name an organ each, never inside brackets."""
    marked = split_marked(text)
    if marked is not None:
        return Parsed(tuple(marked) or None)
    lines = [part for line in visible(text).split("\n") for part in _at_blanks(line)]
    joined, is_doubtful = _put_together(lines)
    parts = [clean_entry(part) for line in joined for part in split_outside(line, _SEPARATORS)]
    organs = tuple(part for part in parts if part)
    if is_doubtful or any(map(is_cut_organ, organs)):
        return Parsed(None, (Note("words-cut", "warning", {"text": " / ".join(lines)}),))
    if len(joined) > 1:
        return Parsed(organs or None, (Note("organ-lines"),))
    return Parsed(organs or None, (Note("organ-joined"),) if len(lines) > 1 else ())


def _at_blanks(line: str) -> list[str]:
    """Split a line at its blanks where an organ stands on each side, else return it as one."""
    parts = [tidy(part) for part in line.split()]
    if len(parts) > 1 and all(looks_like_organ(part) and len(part) > _SHORTEST for part in parts):
        return parts
    return [tidy(line)] if parts else []


def _put_together(lines: Sequence[str]) -> tuple[list[str], bool]:
    """Put together the lines of one organ; also say where it is uncertain to which a line belongs.

    A line that names no organ goes on with one that is not complete. Between two that are, it may
    end the first or begin the second.
    """
    joined: list[str] = []
    depth, is_doubtful = 0, False
    closes = _closes_below(lines)
    for number, line in enumerate(lines):
        if joined and _wraps(joined[-1], line, is_open=depth > 0):
            before = joined[-1]
            certain = depth > 0 or is_broken_word(before, line) or _is_marked_on(before, line)
            following = lines[number + 1] if number + 1 < len(lines) else ""
            if not certain and looks_like_organ(before) and not looks_like_organ(line):
                is_doubtful = is_doubtful or looks_like_organ(following)
            joined[-1] += line
            depth = open_brackets(line, depth)
        else:
            joined.append(line)
            depth = open_brackets(line)
        depth = depth if closes[number] else 0
    return joined, is_doubtful


def _is_marked_on(before: str, after: str) -> bool:
    return fold(before[-1]) in "、," or fold(after[0]) in "、,;()"


def _wraps(before: str, after: str, *, is_open: bool) -> bool:
    """Say whether the second line goes on with the organ that the first began."""
    if len(before) > _LONGEST_ORGAN:
        return False
    if is_open or _is_marked_on(before, after):
        return True
    if fold(before[-1]) == ";":
        return False
    if is_broken_word(before, after):
        return True
    if not looks_like_organ(before) or not looks_like_organ(after):
        return True
    # 县级人民政府 / 民政部门 is one name; 乡镇人民政府 / 行政村村民委员会 are two.
    return (
        before.endswith("政府")
        and bool(_DEPARTMENT.search(fold(after)))
        and not _OWN_START.match(after)
    )


_PHRASE = re.compile(
    r"之日起|工作日|\d日内|日内|日前|及时|实时|即时|适时|随时|定期|长期|常年|永久|立即|按[季月年]|每(?:年|季|月|周|半年|\d)"
    r"|年度|季度|后\d+[日天]|\d+个?[日天月]|另有规定|从其规定|期限"
)


def looks_like_time_limit(text: str) -> bool:
    """Say whether a text reads like a time limit."""
    return bool(_PHRASE.search(fold(tidy(text))))


def read_time_limit(pieces: Sequence[str]) -> Parsed[str]:
    """Return the phrase without layout blanks; no value for an empty cell."""
    return read_phrase("\n".join(pieces))


def read_phrase(text: str) -> Parsed[str]:
    """Return a text of several lines as one; a number that a line's end broke is put together."""
    whole = _BROKEN_NUMBER.sub("", visible(text))
    notes = () if whole == visible(text) else (Note("words-joined"),)
    return Parsed(tidy(whole) or None, notes)
