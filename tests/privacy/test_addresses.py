"""Home addresses end with the town (N31); those of offices stay."""

import pytest

from core.privacy.domain.masks import mask_address
from core.privacy.domain.scanning import mask_text, scan_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("张三,住石桥镇柳湾村三组12号。", "张三,住石桥镇***。"),
        ("望川县石桥镇柳湾村3组12号", "望川县石桥镇***"),
        ("柳湾村三组十二号", "柳湾村***"),
        ("城关街道东关社区幸福小区3号楼2单元501室", "城关街道***"),
        ("兴庆区民族街幸福小区3号楼2单元501室", "兴庆区***"),
        ("家住望川县石桥镇人民路18号", "家住望川县石桥镇***"),
        ("户籍地址:石桥镇人民路18号附2号", "户籍地址:石桥镇***"),
        ("现住和平小区5栋1单元302", "现住***"),
        ("石桥镇柳湾村１２号", "石桥镇***"),
    ],
)
def test_a_home_is_masked_below_the_town(text, masked):
    assert mask_text(text, scan_text(text)) == masked


@pytest.mark.parametrize(
    "text",
    [
        "地址:石桥镇人民路18号",
        "办公地点:石桥镇柳湾村三组12号",
        "政务服务中心位于城关镇人民路18号3楼301室",
        "石桥镇人民政府(人民路18号)",
        "望政发〔2026〕18号",
        "柳湾村3号机井",
        "石桥镇柳湾村三组12号地块",
        "柳湾村三组低保户12户",
        "报名地点:幸福小区3号楼2单元501室",
        "第三组12号选手",
        "同意在2号楼2单元加装电梯1部",
        "便民服务中心 户籍代办等 古井街7号",
        "2026年5月6日第12号令",
    ],
)
def test_offices_and_things_with_numbers_survive(text):
    assert scan_text(text) == []


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("石桥镇柳湾村三组12号", "石桥镇***"),
        ("石桥镇", "***"),
        ("柳湾村三组", "柳湾村***"),
        ("人民路18号", "***"),
    ],
)
def test_what_stays_of_an_address(address, masked):
    assert mask_address(address) == masked
