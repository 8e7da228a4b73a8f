"""The log tells what happened, and nothing about people."""

import logging
import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.log.events import format_trace, safe_message
from core.log.logger import get_logger
from core.plugins.api.contributions import Message
from core.plugins.calls.notify import CONSOLE, record_message

NAME, PHONE, ID_NUMBER = "欧阳小明", "13812345678", "11010519491231002X"
PERSONAL = (NAME, PHONE, ID_NUMBER)


def chain():
    try:
        int(f"{NAME} {PHONE}")
    except ValueError as error:
        raise KeyError(ID_NUMBER) from error


def test_traces_name_the_place_and_nobody():
    try:
        chain()
    except KeyError as error:
        trace = format_trace(error)
    assert "in chain" in trace
    assert "ValueError: invalid literal for int()" in trace
    assert "direct cause" in trace
    assert not [word for word in PERSONAL if word in trace]


def test_a_loop_of_causes_ends():
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert format_trace(first).count("ValueError") == 2


@pytest.mark.both_databases
def test_databases_say_no_values(app, platform):
    with pytest.raises(DBAPIError) as refused, platform.begin_nested():
        platform.execute(text("SELECT CAST(:name AS integer) + no_such_thing"), {"name": NAME})
    message = safe_message(refused.value)
    assert "left out" in message
    assert "no_such_thing" not in message
    assert "left out" in safe_message(sqlite3.IntegrityError(NAME))


def test_events_and_libraries_are_masked(app, capsys):
    error = ValueError(NAME)
    get_logger("gongkai.test").warning("seen", phone=f"电话{PHONE}", exc_info=error)
    failed = (ValueError, error, None)
    record = logging.LogRecord("huey", logging.ERROR, "", 0, "task %s", (PHONE,), failed)
    written = capsys.readouterr().err + logging.lastResort.format(record)
    assert "seen" in written
    assert "task" in written
    assert not [word for word in PERSONAL if word in written]


def test_a_message_that_nobody_carries_is_kept_but_not_logged(app, tree, platform, capsys):
    message = Message(to=PHONE, about="open_day:1", subject=f"致{NAME}", text=f"票号 ABCD {NAME}")
    record_message(platform, tree.county, message, CONSOLE)
    written = "".join(capsys.readouterr())
    assert tree.county.division_code in written
    assert not [word for word in (*PERSONAL, "ABCD", "138****5678") if word in written]
