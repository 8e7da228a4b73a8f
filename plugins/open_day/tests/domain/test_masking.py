"""Masks of names and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sdk import mask_id_number, mask_name, mask_phone

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
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13812345678", "138****5678"), ("5012345", "*****45"), ("110", "***")],
)
def test_phones(phone, masked):
    assert mask_phone(phone) == masked


def test_id_numbers():
    assert mask_id_number("640425199001011234") == "64*************234"
    assert mask_id_number("640425900101123") == "64**********123"
    assert mask_id_number("12345") == "*****"


@given(digits)
def test_masks_keep_the_length_and_hide_the_middle(number):
    for mask in (mask_phone, mask_id_number):
        masked = mask(number)
        assert len(masked) == len(number)
        assert masked.count("*") >= min(4, len(number)) or len(number) == 5


@given(st.text(min_size=1, max_size=12))
def test_no_name_stays_readable(name):
    masked = mask_name(name)
    assert not masked or "*" in masked
