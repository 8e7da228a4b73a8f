"""Text files: which encoding, and a clear word where there are two in one file."""

import codecs
import re

from core.tables.limits import UnreadableFile

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE_IN_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 64 * 1024
#: More control characters than this, of a thousand bytes, and a file is no text.
_MOST_BINARY = 10


def decode(data: bytes, filename: str) -> str:
    """Decode UTF-8, UTF-16 or GB18030 text, with or without a byte order mark.

    Raises `UnreadableFile` for a file that is no text, or that mixes encodings (names the line).
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data[len(bom) :], encoding, filename)
    wide = _utf16_without_mark(data)
    if wide is not None:
        return _decoded(data, wide, filename)
    if 1000 * len(_BINARY.findall(data[:_SAMPLE])) > _MOST_BINARY * min(len(data), _SAMPLE):
        raise UnreadableFile("not-text", filename)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_chinese(data, error.start, filename)


def _decoded(data: bytes, encoding: str, filename: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        where = _line_of(data, error.start) if encoding == "utf-8" else None
        raise UnreadableFile("encoding-damaged", filename, where, {"encoding": encoding}) from error


def _utf16_without_mark(data: bytes) -> str | None:
    """Recognise UTF-16 without a mark by the zero bytes of its line ends, digits and blanks."""
    sample = data[:_SAMPLE]
    if len(sample) < 4 or len(data) % 2 or b"\x00" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 50 < len(sample):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_chinese(data: bytes, first_fault: int, filename: str) -> str:
    lines = data.split(b"\n")
    mixed = [number for number, line in enumerate(lines, 1) if _is_utf8_chinese(line)]
    foreign = [number for number, line in enumerate(lines, 1) if not _is_utf8(line)]
    if mixed and _is_mixed(lines, mixed, foreign):
        number = foreign[0] if len(foreign) <= len(mixed) else mixed[0]
        raise UnreadableFile("encoding-mixed", filename, f"第{number}行")
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        where = _line_of(data, max(error.start, 0) or first_fault)
        raise UnreadableFile("encoding-unknown", filename, where) from error


def _is_mixed(lines: list[bytes], utf8: list[int], foreign: list[int]) -> bool:
    """Tell a file of two encodings from GB18030 in which a short line looks like UTF-8."""
    convincing = [
        number for number in utf8 if len(_CHINESE_IN_UTF8.findall(lines[number - 1])) >= 2
    ]
    return bool(convincing) and bool(foreign)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8_chinese(line: bytes) -> bool:
    return not line.isascii() and bool(_CHINESE_IN_UTF8.search(line)) and _is_utf8(line)


def _line_of(data: bytes, position: int) -> str:
    return f"第{data.count(10, 0, position) + 1}行"
