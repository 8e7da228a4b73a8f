"""One parser each for phones, identity numbers and bank cards, as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identifiers import (
    OFFICE_PHONES,
    PERSONAL_PHONES,
    PhoneKind,
    birth_date,
    parse_bank_card,
    parse_id_number,
    parse_phone,
    phone_kind,
)

WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]  # GB 11643: 2^(i-1) mod 11


def with_check_digit(body: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
birthdays = st.dates(date(1900, 1, 1), date(2099, 12, 31))
id_numbers = st.builds(
    lambda area, born, serial: with_check_digit(f"{area:06}{born:%Y%m%d}{serial:03}"),
    st.integers(110000, 999999), birthdays, st.integers(0, 999),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("\u202d138\u00a00013\u30008000\u202c", "13800138000"),
        ("（0951）5012345", "09515012345"),
        ("0954-7012345", "09547012345"),
        ("0951－5012345", "09515012345"),
        ("+86 951 5012345", "09515012345"),
        ("010-66012345", "01066012345"),
        ("021.66012345", "02166012345"),
    ],
)
def test_phones_of_persons(typed, digits):
    assert parse_phone(typed) == digits


@pytest.mark.parametrize(
    "typed",
    ["", "电话", "7012345", "12345", "110", "400-810-5678", "13800138", "138001380001",
     "12800138000", "00954-7012345", "0954-70123", "+1 212 555 0100", "1380013800O", "٠١٢٣٤٥٦٧٨٩١"],
)  # fmt: skip
def test_what_reaches_no_person_is_none(typed):
    assert parse_phone(typed) is None


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("7012345", PhoneKind.LOCAL), ("66012345", PhoneKind.LOCAL), ("110", PhoneKind.SHORT),
        ("12345", PhoneKind.SHORT), ("12388", PhoneKind.SHORT), ("95588", PhoneKind.SHORT),
        ("10086", PhoneKind.SHORT), ("956030", PhoneKind.SHORT),
        ("400-810-5678", PhoneKind.SERVICE), ("800 810 5678", PhoneKind.SERVICE),
        ("0951-5012345", PhoneKind.LANDLINE), ("13800138000", PhoneKind.MOBILE),
    ],
)  # fmt: skip
def test_phones_of_offices(typed, kind):
    digits = parse_phone(typed, OFFICE_PHONES)
    assert digits is not None
    assert phone_kind(digits) is kind
    assert (parse_phone(typed) is not None) is (kind in PERSONAL_PHONES)


@given(st.text(max_size=30))
def test_a_parsed_phone_is_parsed_to_itself(typed):
    digits = parse_phone(typed, OFFICE_PHONES)
    assert digits is None or parse_phone(digits, OFFICE_PHONES) == digits


@given(mobiles, st.sampled_from(["", " ", "-", "\u3000", "\u200b"]))
def test_a_mobile_is_read_however_it_is_grouped(number, gap):
    assert parse_phone(f"{number[:3]}{gap}{number[3:7]}{gap}{number[7:]}") == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("11010519491231002x", "11010519491231002X"),
        ("110105 19491231 002Ｘ", "11010519491231002X"),
        ("110105194912310021", None),
        ("110105194902300025", None),  # the 30th of February
        ("110105491231002", None),  # 15 places
        ("", None),
    ],
)
def test_identity_numbers_are_checked(typed, number):
    assert parse_id_number(typed) == number


@given(id_numbers, st.integers(0, 16), st.integers(1, 9))
def test_no_wrong_digit_passes(number, place, by):
    assert parse_id_number(number) == number
    wrong = str((int(number[place]) + by) % 10)
    assert parse_id_number(number[:place] + wrong + number[place + 1 :]) is None


@given(id_numbers, st.integers(0, 15))
def test_no_two_places_can_be_swapped(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert parse_id_number(swapped) in {None, number}
    assert (parse_id_number(swapped) is None) is (number[place] != number[place + 1])


@given(birthdays)
def test_the_date_of_birth_stands_in_the_number(born):
    assert birth_date(with_check_digit(f"640425{born:%Y%m%d}123")) == born


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("6222 0261 5505 2426 802", "6222026155052426802"),
        ("４１１１１１１１１１１１１１１１", "4111111111111111"),
        ("4111111111111112", None),
        ("202603180001234567", None),
        ("411111111111", None),
    ],
)
def test_bank_cards_are_checked(typed, number):
    assert parse_bank_card(typed) == number


@given(st.from_regex(r"62[0-9]{13,16}", fullmatch=True))
def test_exactly_one_last_digit_makes_a_card(body):
    assert sum(parse_bank_card(f"{body}{last}") is not None for last in range(10)) == 1
