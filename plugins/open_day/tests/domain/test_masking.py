"""Masks of names and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.open_day.domain.identifiers import masked_id_number, masked_name, masked_phone

digits = st.text("0123456789", max_size=20)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳小三", "欧**三"),
        ("三", "*"),
        ("", ""),
    ],
)
def test_names(name, masked):
    assert masked_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13812345678", "138****5678"), ("5012345", "*****45"), ("110", "***")],
)
def test_phones(phone, masked):
    assert masked_phone(phone) == masked


def test_id_numbers():
    assert masked_id_number("640425199001011234") == "64*************234"
    assert masked_id_number("640425900101123") == "64**********123"
    assert masked_id_number("12345") == "*****"


@given(digits)
def test_masks_keep_the_length_and_hide_the_middle(number):
    for mask in (masked_phone, masked_id_number):
        masked = mask(number)
        assert len(masked) == len(number)
        assert masked.count("*") >= min(4, len(number)) or len(number) == 5


@given(st.text(min_size=1, max_size=12))
def test_no_name_stays_readable(name):
    masked = masked_name(name)
    assert not masked or "*" in masked
