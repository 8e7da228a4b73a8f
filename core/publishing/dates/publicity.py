"""The publicity period (公示期) of a text, counted when it is published and not when it is typed.

Calendar days count the day of publication as the first. Working days are those of the State
Council's calendar, after the day of publication (民法典 article 201). The last day is fixed when
the text is published, and a correction does not begin the period again: a page and a printed sheet
that name the days stay right.
"""

from dataclasses import replace
from datetime import date

from core.calendar.service import add_working_days
from core.clock import local_day
from core.publishing.content import Content
from core.publishing.rules import WORKING_DAYS, last_day_of_publicity

# Stand in a text that is being written, and become the days when it is published.
FIRST_DAY, LAST_DAY = "【公示开始日】", "【公示结束日】"


def find_last_day(content: Content, published_on: date) -> date | None:
    """Return the last day of the period of what is published on a day; `None` without one."""
    days = content.publicity_days
    if days and content.publicity_day_kind == WORKING_DAYS:
        return add_working_days(published_on, days).end
    return last_day_of_publicity(published_on, days)


def fill_days(content: Content) -> Content:
    """Put the first and last day of the period in their places in the text, once they are known."""
    text = content.body_source
    if content.published_at is None or not names_days(content):
        return content
    first = local_day(content.published_at)
    text = text.replace(FIRST_DAY, say_day(first))
    if last := find_last_day(content, first):
        text = text.replace(LAST_DAY, say_day(last))
    return replace(content, body_source=text)


def names_days(content: Content) -> bool:
    """Return whether a text has places for the days of its period."""
    return FIRST_DAY in content.body_source or LAST_DAY in content.body_source


def say_day(day: date) -> str:
    """Write a day as official texts do: 2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"
