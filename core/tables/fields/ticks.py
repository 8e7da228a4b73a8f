"""Parse ticks and boxes in cells."""

from dataclasses import dataclass

from core.tables.text import fold, tidy

#: Marks that say yes, in every form seen on real pages.
TICKED = "■☑√✓✔☒▇◼▣⊠🗹🗸"
#: Empty boxes. The character 口 stands for one where it opens a word (OCR).
UNTICKED = "□☐▢◻▫❏❑"
# The last four are ticks of the symbol fonts, whose font a copy lost.
_TICK_WORDS = frozenset(
    {"V", "v", "Y", "y", "是", "有", "●", "▲", "★", "1", "\u00fc", "\u00fe", "P", "R"}
)
_EMPTY_WORDS = frozenset(
    {
        "×",
        "✗",
        "✕",
        "✘",
        "X",
        "x",
        "N",
        "n",
        "否",
        "无",
        "-",
        "--",
        "—",
        "——",
        "/",
        "0",
        "○",
        "〇",
        "口",
        # Empty boxes of the symbol fonts, whose font a copy lost.
        "o",
        "q",
        "\u00a8",
        "\u00a3",
    }
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell of a tick column: ticked, empty or neither (`None`), and the text beside it."""

    ticked: bool | None
    text: str = ""


def read_mark(cell: str) -> Mark:
    """Read a cell of a tick column."""
    text = tidy(cell)
    folded = fold(text)
    if not folded or folded in _EMPTY_WORDS:
        return Mark(ticked=False)
    if folded in _TICK_WORDS:
        return Mark(ticked=True)
    if folded[0] in TICKED:
        return Mark(ticked=True, text=_beside(text[1:]))
    if folded[0] in UNTICKED:
        return Mark(ticked=False, text=_beside(text[1:]))
    if folded[-1] in TICKED:
        return Mark(ticked=True, text=_beside(text[:-1]))
    return Mark(ticked=None, text=text)


def is_mark(cell: str) -> bool:
    """Say whether the cell holds a tick, an empty box or a word for either, and nothing else."""
    mark = read_mark(cell)
    return mark.ticked is not None and not mark.text and bool(tidy(cell))


def _beside(text: str) -> str:
    text = text.strip(TICKED + UNTICKED + " :\uff1a,\uff0c;\uff1b")
    folded = fold(text)
    if folded.startswith("(") and folded.endswith(")") and folded.count("(") == 1:
        return text[1:-1].strip()
    return text
