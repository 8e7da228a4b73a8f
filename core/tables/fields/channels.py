"""公开渠道和载体: the thirteen official channels, others as printed, in two styles of ticks."""

import re
from collections.abc import Sequence
from functools import lru_cache

from core.tables.fields.base import ColumnText, Parsed
from core.tables.fields.ticks import TICKED, UNTICKED, read_mark
from core.tables.fields.wrapping import is_broken_word, is_cut
from core.tables.model import Note
from core.tables.text import fold, split_outside, squeeze, tidy, visible

OTHER = "其他"
OFFICIAL = (
    "政府网站",
    "政府公报",
    "两微一端",
    "发布会/听证会",
    "广播电视",
    "纸质媒体",
    "公开查阅点",
    "政务服务中心",
    "便民服务站",
    "入户/现场",
    "社区/企事业单位/村公示栏(电子屏)",
    "精准推送",
    OTHER,
)
_OTHER_NAMES = {
    "行政服务中心": "政务服务中心",
    "政府服务中心": "政务服务中心",
    "其它": OTHER,
    "社区企事业单位村公示栏": OFFICIAL[10],
    "社区企事业单位村公示栏电子屏": OFFICIAL[10],
    "社区企事业单位村(居)公示栏(电子屏)": OFFICIAL[10],
    "社区企事业单位公示栏(电子屏)": OFFICIAL[10],
    "听证会发布会": OFFICIAL[3],
    "现场入户": OFFICIAL[9],
}
_DROPPED = re.compile(r"[/、\u201c\u201d\"\s]")


def _key(name: str) -> str:
    return _DROPPED.sub("", fold(name))


_BY_KEY = {_key(name): name for name in OFFICIAL} | _OTHER_NAMES
_KNOWN = sorted(_BY_KEY, key=len, reverse=True)
#: Known names with whatever stands between their letters on the page.
_KNOWN_NAME = "(?:" + "|".join(r"[\s/、]*".join(map(re.escape, key)) for key in _KNOWN) + ")"
#: 口 and the letters that Wingdings boxes turn into, where a known name follows.
_MISREAD_EMPTY = re.compile(rf"(?:[口£¨]|(?<![A-Za-z])[oqrp])(?=\s*{_KNOWN_NAME})")
_MISREAD_TICK = re.compile(rf"(?<![A-Za-z])[Rþnt](?=\s*{_KNOWN_NAME})")
_EMPTY_AT_WORD = re.compile(r"(?:(?<=\s)|^)口(?=\s*[\u4e00-\u9fff]{2})")
_MARKED = re.compile(rf"(?P<mark>[{TICKED}{UNTICKED}])(?P<name>[^{TICKED}{UNTICKED}]*)")
#: The last letter of a word that a narrow column pushed to the next line.
_LONE_LETTER = re.compile(r"\n(?=\s*[\u4e00-\u9fff]\s*(?:$|[\n、,;\uff0c\uff1b]))")
_LOST_TICKS = len(OFFICIAL) - 1
_SEPARATORS = "、,;\n"


def canonical(name: str) -> str | None:
    """Return the official name of a channel, `None` where it has none."""
    return _BY_KEY.get(_key(name))


def is_channel_list(text: str) -> bool:
    """Say whether the text names channels: boxes, or at least one official name."""
    return bool(_MARKED.search(text)) or any(
        canonical(part) for part in split_outside(text, _SEPARATORS + " ")
    )


def read_channels(options: Sequence[ColumnText]) -> Parsed[tuple[str, ...]]:
    """Read the columns of 公开渠道和载体: one cell of names and boxes, or a column for each."""
    channels: list[str] = []
    notes: list[Note] = []
    for option in options:
        if option.choice is not None:
            channels += _ticked_column(option)
            continue
        parsed = read_channel_cell(option.text)
        channels += parsed.value or ()
        notes += parsed.notes
    return Parsed(tuple(dict.fromkeys(channels)) or None, tuple(notes))


@lru_cache(maxsize=4096)
def read_channel_cell(cell: str) -> Parsed[tuple[str, ...]]:
    """Read one cell; a cell whose boxes are all empty, or lost, gives no value."""
    text = _with_boxes(cell)
    if _MARKED.search(text):
        return _boxed(text)
    names = _unboxed(text)
    if sum(name in OFFICIAL for name in names) >= _LOST_TICKS:
        return Parsed(None, (Note("channel-ticks-lost", "warning"),))
    if any(map(is_cut, names)):
        return Parsed(None, (Note("words-cut", "warning", {"text": tidy(cell)}),))
    is_doubtful = "\n" in visible(cell).strip() and any(canonical(name) is None for name in names)
    notes = (Note("channel-lines"),) if is_doubtful else ()
    return Parsed(tuple(dict.fromkeys(names)) or None, notes)


def _with_boxes(text: str) -> str:
    text = _MISREAD_EMPTY.sub("□", text)
    text = _MISREAD_TICK.sub("■", text)
    if _MARKED.search(text):
        text = _EMPTY_AT_WORD.sub("□", text)
    return text


def _boxed(text: str) -> Parsed[tuple[str, ...]]:
    pairs = [(match["mark"], tidy(match["name"])) for match in _MARKED.finditer(text)]
    first = tidy(text[: _MARKED.search(text).start()])  # type: ignore[union-attr]  # searched before
    if first and canonical(first) and not pairs[-1][1]:
        names = [first, *(name for _, name in pairs[:-1])]
        pairs = [(mark, name) for (mark, _), name in zip(pairs, names, strict=True)]
        first = ""
    notes: list[Note] = []
    channels: list[str] = []
    for mark, name in pairs:
        if mark in TICKED and name:
            channels.append(_named(name, notes))
    if first:
        notes.append(Note("channel-unmarked", "warning", {"text": first}))
    if not channels:
        notes.append(Note("channel-none-ticked", "warning"))
    return Parsed(tuple(dict.fromkeys(channels)) or None, tuple(notes))


def _named(name: str, notes: list[Note]) -> str:
    """Return a channel as it is kept; what stands beside an official name goes to a note."""
    name = name.strip("、,\uff0c;\uff1b。 ")
    official = canonical(name)
    if official:
        return official
    if fold(name).startswith(("其他", "其它")):
        detail = _detail(name[2:])
        return f"{OTHER}:{detail}" if detail else OTHER
    for known in (*OFFICIAL[:-1], "行政服务中心", "政府服务中心"):
        rest = name.removeprefix(known)
        if rest != name and not ("\u4e00" <= rest[0] <= "\u9fff"):
            notes.append(Note("channel-detail", "info", {"channel": known, "text": rest.strip()}))
            return canonical(known) or known
    return name


def _detail(text: str) -> str:
    text = text.strip(" :\uff1a_-\u2014、,\uff0c;\uff1b。")
    folded = fold(text)
    if folded.startswith("(") and folded.endswith(")"):
        text = text[1:-1].strip(" :\uff1a_")
    return "" if fold(text) in {"请注明", "注明", "请填写", "填写"} else text


def _unboxed(text: str) -> list[str]:
    text = _without_breaks(_LONE_LETTER.sub("", text))
    parts = [piece for part in split_outside(text, _SEPARATORS) for piece in _words(part)]
    names: list[str] = []
    while parts:
        for count in (4, 3, 2, 1):
            official = canonical("".join(parts[:count]))
            if official or count == 1:
                names.append(official or _named(parts[0], []))
                del parts[:count]
                break
    return [name for name in names if name]


def _without_breaks(text: str) -> str:
    """Close up lines between which a known word stands."""
    lines = text.split("\n")
    joined = lines[:1]
    for line in lines[1:]:
        if is_broken_word(joined[-1].strip(), line.strip()):
            joined[-1] = joined[-1].rstrip() + line.lstrip()
        else:
            joined.append(line)
    return "\n".join(joined)


def _words(part: str) -> list[str]:
    """Split at blanks and slashes where a known name stands between them."""
    if canonical(part):
        return [part]
    for pieces in (part.split(), [tidy(piece) for piece in fold(part).split("/")]):
        if len(pieces) > 1 and any(canonical(piece) for piece in pieces):
            return [piece for piece in pieces if piece]
    return [tidy(part)]


def _ticked_column(option: ColumnText) -> list[str]:
    mark = read_mark(option.text)
    if mark.ticked is False or option.choice is None:
        return []
    official = canonical(option.choice) or squeeze(option.choice)
    if official == OTHER and mark.text:
        return [f"{OTHER}:{mark.text}"]
    return [official] if mark.ticked else []
