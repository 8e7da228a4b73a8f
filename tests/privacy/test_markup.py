"""HTML is scanned as it is read, and masked without losing an element."""

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.privacy.markup import mask_markup, scan_markup

ID = "11010519491231002X"


@pytest.mark.parametrize(
    ("html", "masked"),
    [
        (
            "<p>110105<b>19491231</b>002X</p>",
            "<p>11*************02X<b></b></p>",
        ),
        ("<p>138<wbr>0013<!-- x -->8000</p>", "<p>138****8000<wbr><!-- x --></p>"),
        ("<p>&#49;38&#x30;0138000</p>", "<p>138****8000</p>"),
        ("<p>138&nbsp;0013&nbsp;8000</p>", "<p>138****8000</p>"),
        ("<p>138\n0013\n8000</p>", "<p>138****8000</p>"),
        ('<a href="tel:13800138000">电话</a>', '<a href="tel:138****8000">电话</a>'),
        ("<img alt='身份证&#49;10105850312123'>", "<img alt='身份证11**********123'>"),
        ("<p>138</p><p>00138000</p>", "<p>138</p><p>00138000</p>"),
        ("<p title='a>b'>13800138000</p>", "<p title='a>b'>138****8000</p>"),
        ("1 < 2 & 13800138000 <", "1 < 2 & 138****8000 <"),
        ("<script>13800138000</script>", "<script>13800138000</script>"),
        ("", ""),
    ],
)
def test_what_a_reader_sees_as_one_number_is_masked_as_one(html, masked):
    assert mask_markup(html, scan_markup(html)) == masked


def test_the_head_of_a_tables_column_says_what_stands_below_it():
    html = (
        "<table><tr><th></th><th><p>姓名</p></th><th><p>一卡通账号</p></th></tr>"
        "<tr><td><p>1</p></td><td>张三</td><td><p>123456</p><p>789012345678</p></td></tr></table>"
    )
    (finding,) = scan_markup(html)
    assert (finding.kind, finding.text) == ("bank_card", "123456  789012345678")


def test_findings_say_which_attribute_they_stand_in():
    html = f'<p>13800138000</p><img alt="{ID}" src="a.png">'
    assert [(each.kind, each.where) for each in scan_markup(html)] == [
        ("phone", ""),
        ("id_number", "alt"),
    ]


_PARTS = st.lists(
    st.sampled_from(
        [
            "<b>",
            "</b>",
            "<p>",
            "</p>",
            "<td>",
            "</tr>",
            "1380",
            "0138000",
            ID,
            "&#49;",
            "&",
            "<",
            "张",
        ]
    )
)


@given(_PARTS)
def test_masking_keeps_every_element(parts):
    html = "".join(parts)
    findings = scan_markup(html)
    masked = mask_markup(html, findings)
    assert re.findall(r"</?\w+>", masked) == re.findall(r"</?\w+>", html)
    assert scan_markup(masked) == []


@given(st.text(max_size=60))
def test_any_text_is_read_in_its_places(text):
    html = f"<p>{escape(text)}</p><p>{ID}</p>"
    finding = scan_markup(html)[-1]
    assert html[finding.start : finding.end] == ID
