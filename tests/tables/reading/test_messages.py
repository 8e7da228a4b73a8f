"""Every code that this package speaks has words in both languages, and no words are idle."""

import re
from pathlib import Path

import core.tables
from core.tables.limits import UnreadableFile
from core.tables.messages import MESSAGES, format_message, format_place
from core.tables.model import Finding

FOLDER = Path(core.tables.__path__[0])
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def source():
    return "\n".join(
        path.read_text("utf-8")
        for path in FOLDER.rglob("*.py")
        if not path.name.endswith("messages.py")
    )


def test_codes_and_messages_agree():
    text = source()
    used = set(re.findall(r'(?:Note|UnreadableFile|_say_skipped)\(\s*"([a-z0-9-]+)"', text))
    assert used <= MESSAGES.keys()
    assert {code for code in MESSAGES if f'"{code}"' not in text} == set()


def test_both_languages_take_the_same_parameters():
    for chinese, english in MESSAGES.values():
        assert set(PLACEHOLDER.findall(chinese)) == set(PLACEHOLDER.findall(english))
        assert re.search(r"[\u4e00-\u9fff]", chinese)


def test_a_missing_parameter_is_no_error():
    assert format_message("note", {}) == "表中附注："
    assert format_message("unknown", {}) == "unknown"


def test_places_are_named_in_the_readers_language():
    error = UnreadableFile("table-too-large", "a.xlsx", "工作表“目录”第3行")
    assert error.message("en").startswith("a.xlsx, sheet “目录”, row 3: ")
    finding = Finding("table-skipped", "info", params={"where": "第2个表格"})
    assert finding.message("en").startswith("table 2: ")
    assert format_place("xl/worksheets/sheet1.xml", "en") == "xl/worksheets/sheet1.xml"
