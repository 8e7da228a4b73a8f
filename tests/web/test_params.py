"""Parameters of addresses: what does not fit counts as not given."""

from datetime import date

import pytest

from core.web import params


@pytest.fixture
def ask(app):
    def ask(query, read):
        with app.test_request_context(f"/?{query}"):
            return read()

    return ask


@pytest.mark.parametrize(
    ("query", "number"),
    [("page=3", 3), ("page=0", 1), ("page=-2", 1), ("page=x", 1), ("", 1), ("page=٣", 1),
     ("page=99999999999999999999", 1), ("page=%203%20", 3)],
)  # fmt: skip
def test_a_page_number(ask, query, number):
    assert ask(query, params.page_number) == number


def test_a_number_has_bounds(ask):
    assert ask("year=2026", lambda: params.number("year", 7, least=2000, most=2100)) == 2026
    assert ask("year=1999", lambda: params.number("year", 7, least=2000, most=2100)) == 7


def test_words_out_of_a_set(ask):
    states = ("draft", "open")
    assert ask("state=open", lambda: params.word("state", states)) == "open"
    assert ask("state=gone", lambda: params.word("state", states, "draft")) == "draft"
    assert ask("s=open&s=x&s=draft&s=open", lambda: params.words("s", states)) == ("open", "draft")


def test_a_text_is_one_line_of_bounded_length(ask):
    assert ask("q=%20a%00%0Ab%20", lambda: params.text("q")) == "a b"
    assert ask("q=" + "字" * 9, lambda: params.text("q", most=5)) == "字" * 5


def test_a_day(ask):
    assert ask("from=2026-09-30", lambda: params.day("from")) == date(2026, 9, 30)
    assert ask("from=2026-09-31", lambda: params.day("from")) is None
    assert ask("", lambda: params.day("from")) is None
