"""Numbers of persons are found in every grouping and script; what only looks like them survives."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.privacy.domain.findings import FindingKind, Rules
from core.privacy.domain.scanning import mask_text, scan_text

RULES = Rules(today=lambda: date(2026, 6, 1))


def kinds(text, **named):
    return [(finding.kind.value, finding.text) for finding in scan_text(text, RULES, **named)]


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("id_number", "11010519491231002X"),
        ("id_number", "11010519491231002x"),
        ("id_number", "110105 19491231 002X"),
        ("id_number", "110105-1949-1231-002X"),
        ("id_number", "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X"),
        ("id_number", "1101 0519 4912 3100 2X"),
        ("mistyped_id_number", "11010519491231003X"),
        ("mistyped_id_number", "110105198503124560"),
        ("mistyped_id_number", "110105 19850312 4560"),
        ("disability_number", "11010519491231002X43"),
        ("phone", "13800138000"),
        ("phone", "138-0013-8000"),
        ("phone", "138 0013 8000"),
        ("phone", "138.0013.8000"),
        ("phone", "1380013-8000"),
        ("phone", "138 - 0013 - 8000"),
        ("phone", "+86 138-0013-8000"),
        ("phone", "0086 13800138000"),
        ("phone", "8613800138000"),
        ("bank_card", "6222026155052426802"),
        ("bank_card", "6222 0261 5505 2426 802"),
        ("bank_card", "622202-6155052426802"),
        ("plate", "宁A12345"),
        ("plate", "宁A·1B345"),
        ("plate", "宁AD12345"),
        ("plate", "宁A12345D"),
        ("plate", "宁Ａ１２３４５"),
        ("plate", "宁A1234挂"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "张三({}),同上", "1 {} 2", "𠮷😀👨‍👩‍👧{}。", "\n{}\n"])
def test_a_number_of_a_person_is_found_where_it_stands(kind, number, around):
    text = around.format(number)
    assert kinds(text) == [(kind, number)]
    finding = scan_text(text, RULES)[0]
    assert text[finding.start : finding.end] == number
    assert number not in mask_text(text, [finding])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("mistyped_id_number", "身份证号640425299903150018"),
        ("mistyped_id_number", "身份证:64012219850312456"),
        ("id_number", "身份证110105850312123"),
        ("bank_card", "一卡通账号6222020200112233445"),
        ("bank_card", "640425199903150017(银行卡)"),
        ("disability_number", "残疾证号64042529990315001243"),
        ("phone", "电话1 3 8 0 0 1 3 8 0 0 0"),
        ("phone", "联系方式tel13800138000"),
        ("phone", "联系人一13800138000"),
        ("phone", "①13800138000"),
        ("phone", "1.13800138000"),
        ("phone", "张*13800138000"),
        ("account", "微信号:zhang_san66"),
        ("account", "加QQ 123456789"),
        ("plate", "车牌号:宁a12345"),
    ],
)
def test_words_beside_a_number_say_what_it_is(kind, text):
    assert [found for found, _ in kinds(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "热线0999-5551016,400-810-5678,95588",
        "合同号202603180001234567",
        "合同编号640425199903150018",
        "采购合同编号:13912345678",
        "宗地编码640122198503120012",
        "记账凭证号6222026155052426802",
        "索引号11341222003165432X/202611-00001",
        "统一社会信用代码916401001234567890",
        "640425202603150018",
        "项目代码2403-640425-04-01-123456",
        "13800138000元",
        "合计金额13800138000.00",
        "东经106.13800138000",
        "圆周率3.14159265358979323846",
        "编号:宁A12345",
        "新A2023001号",
        "ISBN9787010001234",
        "工程于2026年3月15日至2026年12月31日完成",
        "微信公众号:wangchuanfabu,QQ群:123456789",
        "138****1390 0138000",
        "0000-00-00,9999-12-31,0年,9999年",
    ],
)
def test_what_only_looks_like_a_number_of_a_person_survives(text):
    assert kinds(text) == []


def test_the_head_of_a_pasted_column_says_what_stands_below_it():
    text = "合同编号 承包人 联系电话\n640425199903150018 张三 13800138000"
    assert kinds(text) == [("phone", "13800138000")]
    text = "姓名\t一卡通账号\t金额\n张三\t123456789012345678\t100"
    assert kinds(text) == [("bank_card", "123456789012345678")]


def test_numbers_that_an_office_keeps_stay():
    rules = Rules(keep=frozenset({"13800138000", "宁A12345"}))
    assert scan_text("值班+86 138-0013-8000,公车宁A·12345", rules) == []


_ZERO = "１３８００１３８０００"
DISGUISES = {
    "full-width": _ZERO,
    "Arabic-Indic": "١٣٨٠٠١٣٨٠٠٠",
    "extended Arabic-Indic": "۱۳۸۰۰۱۳۸۰۰۰",
    "Devanagari": "१३८००१३८०००",
    "Bengali": "১৩৮০০১৩৮০০০",
    "Thai": "๑๓๘๐๐๑๓๘๐๐๐",
    "Tibetan": "༡༣༨༠༠༡༣༨༠༠༠",
    "Mongolian": "᠑᠓᠘᠐᠐᠑᠓᠘᠐᠐᠐",
    "mathematical bold": "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
    "mathematical monospace": "𝟷𝟹𝟾𝟶𝟶𝟷𝟹𝟾𝟶𝟶𝟶",
    "segmented": "🯱🯳🯸🯰🯰🯱🯳🯸🯰🯰🯰",
    "superscript": "¹³⁸⁰⁰¹³⁸⁰⁰⁰",
    "subscript": "₁₃₈₀₀₁₃₈₀₀₀",
    "circled": "①③⑧⓪⓪①③⑧⓪⓪⓪",
    "negative circled": "❶❸❽⓿⓿❶❸❽⓿⓿⓿",
    "in brackets": "⑴⑶⑻00⑴⑶⑻000",
    "keycaps": "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣",
    "Chinese numerals": "一三八零零一三八零零零",
    "Chinese zero": "一三八〇〇一三八〇〇〇",
    "capital numerals": "壹叁捌零零壹叁捌零零零",
    "telephone one": "幺三八零零幺三八零零零",
    "scripts mixed": "1３八〇0①３⁸零00",
    "zero-width blanks": "\u200b".join("13800138000"),
    "zero-width joiners": "\u200d".join("13800138000"),
    "soft hyphens": "\u00ad".join("13800138000"),
    "direction marks": "138\u200e0013\u200f8000",
    "byte order marks": "138\ufeff0013\ufeff8000",
    "no-break blanks": "138\u00a00013\u00a08000",
    "ideographic blanks": "138\u30000013\u30008000",
    "thin blanks": "138\u20090013\u20098000",
    "dashes": "138—0013—8000",
    "full-width hyphens": "138－0013－8000",
    "middle dots": "138·0013·8000",
    "underscores": "138_0013_8000",
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_scripts_and_invisible_marks_hide_no_number(disguise):
    number = DISGUISES[disguise]
    text = f"户主👪手机{number},谢谢"
    (finding,) = scan_text(text, RULES)
    assert (finding.kind, finding.masked) == (FindingKind.PHONE, "138****8000")
    visible = number.rstrip("\ufe0f\u20e3")
    assert text[finding.start : finding.end] == finding.text == visible
    assert mask_text(text, [finding]).startswith("户主👪手机138****8000")


ALPHABET = "0123456789X 身份证手机卡号合同住村组路号宁AD-.,。\n一①１\u200b"


@given(st.text(ALPHABET, max_size=80))
def test_findings_are_in_order_and_say_what_they_stand_for(text):
    end = 0
    for finding in scan_text(text, RULES):
        assert end <= finding.start < finding.end
        assert text[finding.start : finding.end] == finding.text
        end = finding.end


@given(st.text(ALPHABET, max_size=80))
def test_what_is_masked_once_is_masked(text):
    once = mask_text(text, scan_text(text, RULES))
    assert mask_text(once, scan_text(once, RULES)) == once
