"""Masks as published lists have them; office phones and look-alikes survive."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.redaction import mask_bank_card, mask_id_number, mask_name, mask_phone, redact


@pytest.mark.parametrize(
    ("mask", "value", "masked"),
    [
        (mask_name, "张三", "张*"),
        (mask_name, "张小三", "张*三"),
        (mask_name, "欧阳小三", "欧**三"),
        (mask_name, "张", "*"),
        (mask_name, "", ""),
        (mask_phone, "13812345678", "138****5678"),
        (mask_phone, "095112345678", "095*****5678"),
        (mask_phone, "5551016", "*****16"),
        (mask_phone, "120", "***"),
        (mask_phone, "", ""),
        (mask_id_number, "11010519491231002X", "11*************02X"),
        (mask_id_number, "123", "***"),
        (mask_bank_card, "6222026155052426802", "622202*********6802"),
        (mask_bank_card, "62220261", "********"),
    ],
)
def test_masks(mask, value, masked):
    assert mask(value) == masked


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("身份证34122219900101123X。", "身份证34*************23X。"),
        ("身份证341222900101123", "身份证34**********123"),
        ("(11010519491231002X)", "(11*************02X)"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11*************02X"),
        ("110105 19491231 002x", "11*************02X"),
        ("残疾证11010519491231002X43", "残疾证11*************02X**"),
        ("电话13800138000,", "电话138****8000,"),
        ("手机:138-0013-8000转告", "手机:138****8000转告"),
        ("+86 13800138000/13900139000", "138****8000/139****9000"),
        ("卡号6222020200112233445", "卡号622202*********3445"),
        ("6222 0261 5505 2426 802", "622202*********6802"),
        ("4 13800138000 2", "4 138****8000 2"),
    ],
)
def test_numbers_of_persons_are_masked(text, redacted):
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "热线0558-5550102",
        "请拨打12345、12388或95588",
        "400-810-5678",
        "合同2024000012345号",
        "合同编号640425202403150018",
        "采购合同编号:13912345678",
        "索引号11341222003165432X/202611-00001",
        "统一社会信用代码11640425MB1234567X",
        "项目代码2403-640425-04-01-123456",
        "流水号202603180001234567",
        "2026年3月15日,合计1380013800元",
        "圆周率3.14159265358979323846",
    ],
)
def test_what_only_looks_like_it_survives(text):
    assert redact(text) == text


def test_the_mobile_that_an_office_publishes_can_be_kept():
    text = "值班手机138-0013-8000,户主手机13900139000"
    assert redact(text, keep={"13800138000"}) == "值班手机138-0013-8000,户主手机139****9000"


def test_composed_documents_lose_what_is_personal_and_nothing_else(shared_data):
    lines = (shared_data / "docs" / "docs.jsonl").read_text("utf-8").splitlines()
    documents = [json.loads(line) for line in lines]
    assert sum(len(document["pii"]) for document in documents) > 5
    for document in documents:
        redacted = redact(document["body"])
        assert not [number for number in document["pii"] if number in redacted]
        kept = [number for number in document["must_keep"] if number in document["body"]]
        assert all(number in redacted for number in kept)
        if not document["pii"]:
            assert redacted == document["body"]


@given(st.text(alphabet="0123456789X 身份证手机卡号合同-,。\n一", max_size=80))
def test_what_is_redacted_once_is_redacted(text):
    once = redact(text)
    assert redact(once) == once


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["户主", "电话:", ""]))
def test_no_mobile_of_a_person_is_left(number, before):
    assert number not in redact(f"{before}{number}、其他")
