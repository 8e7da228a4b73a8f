"""Metadata as pages print it: days and moments in Chinese, states of documents, fillers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from core.bounds import check_day
from core.clock import today, zone
from core.publishing.rules import VALIDITY_WORDS
from core.tables.fields.fillers import is_filler
from core.tables.text import fold, squeeze

_LABEL = re.compile(r"[^\d〇○零一二三四五六七八九十:]{1,12}:")
_DAY = r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
_TIME = (
    r"(?:[\sT,]*(?:星期|周|\(?周)?[一二三四五六日天]?\)?[\s,]*(?P<half>上午|下午)?\s*"
    r"(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?\s*分?(?::?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?)?"
)
_PRINTED = re.compile(rf"{_DAY}{_TIME}(?:\s*(?:星期|周).)?")
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d))?"
    r"(?P<half>)"
)
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_DAY = re.compile(r"([〇○零一二三四五六七八九]{4})年(.{1,3}?)月(.{1,3}?)日")
_WITHOUT_DAY = re.compile(r"\d{4}\s*(?:年\s*(?:\d{1,2}\s*月?)?|[-/.]\d{1,2})")

# Words of a state, the first that a text holds; what a "not" denies is not yet so.
_STATES = (
    (re.compile(r"[未不]?(?:废止|作废|撤销)"), "repealed"),
    (re.compile(r"[未不]?(?:失效|失去效力|停止执行|过期|到期)|无效"), "lapsed"),
    (re.compile(r"有效|生效|施行|执行|现行"), "effective"),
)
_UNTIL = re.compile(rf"(?:至|到|止于|截止){_DAY}")
#: Fields in which a dash or 无 means none.
_MAY_BE_FILLED = (
    "doc_no", "index_no", "theme", "genre", "source", "summary", "domain", "item_id", "publisher",
    "written_date", "issued_date", "publish_date", "status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PrintedRemark:
    """What is to be said of a field that was read in part."""

    field: str
    code: str


def parse_printed(text: str) -> date | datetime:
    """Read a day or moment as pages print it: 2024年04月06日 16:34, 2019/1/23, 二〇二四年四月六日.

    Raises `ValueError` for anything else, and for days before 1900 or after 2199.
    """
    plain = _LABEL.sub("", fold(text).strip(), count=1).strip("()[]. \u3000")
    plain = _CHINESE_DAY.sub(_to_digits, plain)
    match = _PRINTED.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if match is None:
        moment = datetime.fromisoformat(plain)
        check_day(moment.date())
        return moment
    day = check_day(date(int(match["year"]), int(match["month"]), int(match["day"])))
    if not match["hour"]:
        return day
    hour = int(match["hour"])
    hour += 12 if match["half"] == "下午" and hour < 12 else 0
    clock = time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    return datetime.combine(day, clock, zone())


def _to_digits(match: re.Match[str]) -> str:
    month, day = (_to_number(match[group]) for group in (2, 3))
    return f"{match[1].translate(_DIGITS)}年{month}月{day}日"


def _to_number(word: str) -> str:
    """Turn 十二 into 12, 三十 into 30, 六 into 6."""
    tens, ten, ones = word.rpartition("十")
    if not ten:
        return word.translate(_DIGITS)
    return f"{tens.translate(_DIGITS) or '1'}{ones.translate(_DIGITS) or '0'}"


def parse_state(text: str) -> tuple[str, str]:
    """Read the state of a document; return validity and the code of a remark, or none.

    Raises `ValueError` for words that name no state.
    """
    plain = re.sub(r"^[^:]{1,8}:", "", squeeze(fold(text))).strip("()[]。")
    if plain in VALIDITY_WORDS:
        return VALIDITY_WORDS[plain], ""
    for words, validity in _STATES:
        found = words.search(plain)
        if found is None or (validity == "effective" and found[0] in {"施行", "执行"}):
            continue
        if found[0][0] in "未不":
            return "effective", ""
        if "部分" in plain or "修改" in plain:
            return "effective", "state-in-part"
        return _at_its_day(plain, validity)
    raise ValueError(text)


def _at_its_day(plain: str, validity: str) -> tuple[str, str]:
    """Return the state today, where the text names the day from or until which it holds."""
    until = _UNTIL.search(plain)
    named = until or re.search(_DAY, plain)
    if named is None:
        return validity, ""
    try:
        day = date(int(named["year"]), int(named["month"]), int(named["day"]))
    except ValueError:
        return validity, "state-day"
    if validity == "effective":
        return ("lapsed", "state-day") if until and day < today() else ("effective", "")
    return ("effective", "state-day") if day > today() else (validity, "")


def read_metadata(line: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[PrintedRemark, ...]]:
    """Return a line with fillers emptied and states as they are stored, and remarks on it.

    What cannot be read stays as it is, for the schema to refuse it by name.
    """
    values, remarks = dict(line), list[PrintedRemark]()
    for name in _MAY_BE_FILLED:
        if isinstance(values.get(name), str) and is_filler(values[name]):
            values[name] = ""
    for name in ("written_date", "issued_date", "publish_date"):
        if isinstance(values.get(name), str) and _is_without_day(values[name]):
            values[name] = ""
            remarks.append(PrintedRemark(name, "day-missing"))
    if isinstance(values.get("status"), str) and values["status"]:
        try:
            values["status"], code = parse_state(values["status"])
        except ValueError:
            return values, tuple(remarks)
        if code:
            remarks.append(PrintedRemark("status", code))
    return values, tuple(remarks)


def _is_without_day(text: str) -> bool:
    return bool(_WITHOUT_DAY.fullmatch(_LABEL.sub("", fold(text).strip(), count=1)))
