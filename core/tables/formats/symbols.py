"""Boxes, ticks and bullets of the symbol fonts, whose characters are letters in any other font."""

#: By font (small letters) and position, what is printed there.
_SYMBOLS: dict[tuple[str, int], str] = {
    ("wingdings", 0xFE): "☑",
    ("wingdings", 0xFD): "☒",
    ("wingdings", 0x78): "☒",
    ("wingdings", 0xFC): "√",
    ("wingdings", 0xFB): "×",
    ("wingdings", 0x6E): "■",
    ("wingdings", 0x74): "■",
    ("wingdings", 0x75): "■",
    ("wingdings", 0x6C): "●",
    ("wingdings", 0x76): "❖",
    ("wingdings", 0x77): "◆",
    ("wingdings", 0xA1): "○",
    ("wingdings", 0xA7): "▪",
    ("wingdings", 0xD8): "➢",
    **{("wingdings", position): "□" for position in (0xA8, 0x6F, 0x70, 0x71, 0x72)},
    ("wingdings 2", 0x50): "√",
    ("wingdings 2", 0x4F): "×",
    ("wingdings 2", 0x52): "☑",
    **{("wingdings 2", position): "☒" for position in (0x51, 0x53, 0x54)},
    **{("wingdings 2", position): "□" for position in (0xA3, 0x2A)},
    **{("wingdings 2", position): "■" for position in (0xA2, 0xA0)},
    ("wingdings 2", 0x97): "●",
    ("webdings", 0x61): "√",
    ("webdings", 0x72): "×",
    ("webdings", 0x63): "□",
    ("webdings", 0x67): "■",
    ("webdings", 0x6E): "●",
    ("symbol", 0xD6): "√",
    ("symbol", 0xB7): "●",
    ("symbol", 0xB4): "×",
}
_FONTS = frozenset(font for font, _ in _SYMBOLS)
_PRIVATE = range(0xF000, 0xF100)


def is_symbol_font(name: str | None) -> bool:
    """Say whether a font prints symbols in place of letters."""
    return (name or "").strip("'\" ").lower() in _FONTS


def find_symbol(font: str, position: int) -> str:
    """Return what a symbol font prints at a position, `""` where that is not known."""
    return _SYMBOLS.get((font.strip("'\" ").lower(), position & 0xFF), "")


def show_symbols(text: str, font: str) -> str:
    """Return a text in a symbol font as it is printed; what is not known stays a letter."""
    return "".join(
        find_symbol(font, ord(letter)) or letter
        if ord(letter) < 0x100 or ord(letter) in _PRIVATE
        else letter
        for letter in text
    )
