"""Keep texts from being run as formulas, and numbers that are names from losing digits."""

import re

#: What a spreadsheet takes for the start of a formula; programs fold the full-width ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'", "＝", "＋", "－", "＠")
_BLANKS = " \n\u00a0\u3000\ufeff\u200b"
#: Spreadsheets keep 15 digits of a number.
_LONG_NUMBER = re.compile(r"\d{16,}")


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet might run the text, blanks before it or not."""
    return text.lstrip(_BLANKS).startswith(FORMULA_STARTS)


def guarded(text: str) -> str:
    """Return the text for a CSV file: an apostrophe before what might be run as a formula."""
    return f"'{text}" if is_formula(text) else text


def guarded_digits(text: str) -> str:
    """Return the text as `guarded`; so are numbers of so many digits that some would be lost."""
    return f"'{text}" if _LONG_NUMBER.fullmatch(text) else guarded(text)


def without_guard(cell: str) -> str:
    """Take off the apostrophe that guards a cell against being run as a formula."""
    if cell.startswith("'") and is_formula(cell[1:]):
        return cell[1:]
    return cell
