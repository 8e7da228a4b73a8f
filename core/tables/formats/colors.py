"""Text that nobody can read though no program calls it hidden: in its background's color, tiny."""

import re

#: Letters of no more points print as a line at best.
LARGEST_UNSEEN = 1.0
#: Rows of no more points, and columns of no more letters, show nothing.
LOWEST_ROW, NARROWEST_COLUMN = 2.0, 0.5
_WHITE = (255, 255, 255)
#: So far apart may the channels of two colors be that nobody tells apart.
_CLOSE = 12
_HEX = re.compile(r"#?(?:[0-9a-f]{2})?([0-9a-f]{6})", re.IGNORECASE)
_SHORT_HEX = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])", re.IGNORECASE)
_RGB = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,[\d.]+)?\)")
_NAMES = {"white": "ffffff", "black": "000000", "snow": "fffafa", "ivory": "fffff0"}

Color = tuple[int, int, int]


def read_color(text: str | None) -> Color | None:
    """Return a color as files give it (FFFFFFFF, #fff, rgb(…), white); `None` for any other."""
    word = (text or "").strip().lower()
    word = _NAMES.get(word, word)
    if short := _SHORT_HEX.fullmatch(word):
        return _from_hex("".join(2 * digit for digit in short.groups()))
    if found := _HEX.fullmatch(word):
        return _from_hex(found[1])
    if parts := _RGB.fullmatch(word.replace(" ", "")):
        red, green, blue = (min(255, int(part)) for part in parts.groups())
        return red, green, blue
    return None


def _from_hex(digits: str) -> Color:
    red, green, blue = (int(digits[place : place + 2], 16) for place in (0, 2, 4))
    return red, green, blue


def is_unseen(color: Color | None, background: Color | None = None) -> bool:
    """Say whether a text's color cannot be told from that of its background (white by default)."""
    if color is None:
        return False
    channels = zip(color, background or _WHITE, strict=True)
    return all(abs(one - other) <= _CLOSE for one, other in channels)
