"""Names go from lists of persons in whatever shape; ordinary words stay."""

import pytest

from core.search.text.personal_names import without_names
from tests.search.invented_names import SHAPES, invent_names


@pytest.mark.parametrize("shape", SHAPES)
def test_no_name_is_left_in_any_shape(shape):
    for name in invent_names():
        left = without_names(SHAPES[shape]([name])).replace(" ", "")
        assert name not in left
        assert len(name) < 3 or name[-2:] not in left


@pytest.mark.parametrize(
    "text",
    [
        "现将2026年第三季度城乡低保对象公示如下,公示期7天,如有异议请向县民政局反映,监督电话:0100-5552002。",
        "为推进乡村振兴,加强项目资金管理,安装路灯60盏,方便群众出行。",
        "根据《社会救助暂行办法》有关规定,经本人申请、村级评议、乡镇审核、县民政局审批。",
        "序号 姓名 性别 金额",
        "青石镇、红岭乡、麻沟乡",
        "低保、特困、临时救助",
        "申请人须提供身份证",
        "全县在册低保对象5,116户",
        "户主姓名、家庭成员、保障金额、联系电话",
    ],
)
def test_ordinary_words_stay(text):
    assert without_names(text) == text


@pytest.mark.parametrize(
    "text", ["身份证号640425199001011234", "640425********1234", "手机13812345678", "138****5678"]
)
def test_numbers_of_persons_go(text):
    assert not any(letter.isdigit() for letter in without_names(text))
