"""Names go from titles and file names; places, organs and matters stay."""

import csv
import json
from pathlib import Path

import pytest

from core.search.query.person_names import hide_names, hide_names_in_file_name
from tests.search.invented_names import FILE_NAMES, TITLES, fill_in, invent_names

SHARED = Path(__file__).parents[4] / "shared" / "data"
PUBLICITY = ("{}低保公示", "关于{}2026年公益性岗位拟聘用人员的公示")
NAMES = invent_names()


@pytest.mark.parametrize("pattern", TITLES)
def test_no_name_is_left_in_a_title(pattern):
    for place, name in enumerate(NAMES):
        left = hide_names(fill_in(pattern, NAMES, place))
        assert name not in left
        assert len(name) < 3 or name[-2:] not in left or name[-2:] in pattern


@pytest.mark.parametrize("pattern", FILE_NAMES)
def test_no_name_is_left_in_a_file_name(pattern):
    for place, name in enumerate(NAMES):
        left = hide_names_in_file_name(fill_in(pattern, NAMES, place))
        assert name not in left
        assert left.endswith(pattern.rpartition(".")[2])


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("张三、李四、王五低保公示", "…低保公示"),
        ("关于对张三等5名同志拟表彰的公示", "关于对…等5名同志拟表彰的公示"),
        ("关于张 三拟任副镇长的公示", "关于…拟任副镇长的公示"),
        ("张某某、李*国救助公示", "…救助公示"),
        ("张三公示", "…公示"),
        ("340421199001011234公示", "…公示"),
    ],
)
def test_an_ellipsis_stands_where_names_were(title, left):
    assert hide_names(title) == left


@pytest.mark.parametrize(
    "title",
    [
        "柳湾村2026年第三季度农村低保对象公示", "于家沟村宅基地审批结果公示", "丁义村委会低保公示",
        "关于安全生产许可证颁发情况的公示", "高龄津贴发放名单", "养老服务机构备案公示",
        "城北生活垃圾填埋场封场项目环境影响报告表受理情况的公示",
        "2026年第一批公租房配租摇号结果公示",
        "石桥镇人民政府2026年公益性岗位拟聘人员名单", "县公安局辅警拟录用人员公示",
        "关于金鑫建筑有限公司施工许可的公示", "方便群众办事事项清单公示", "和平村危房改造对象公示",
        "关于平安乡村建设先进集体的公示", "施工图设计文件审查公示", "“平安·法治”宣传活动名单",
        "高素质农民培育名单",
    ],
)  # fmt: skip
def test_other_titles_stay_as_they_are(title):
    assert hide_names(title) == title


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not at hand")
def test_hardly_a_real_place_statute_or_title_is_taken_for_a_person():
    divisions = (SHARED / "divisions" / "guyuan_6404_all.csv").read_text("utf-8-sig")
    rows = csv.DictReader(divisions.splitlines())
    titles = [pattern.format(row["name"]) for row in rows for pattern in PUBLICITY]
    titles += [path.stem.partition("_")[2] for path in (SHARED / "laws").glob("*.md")]
    lines = (SHARED / "docs" / "docs.jsonl").read_text("utf-8").splitlines()
    titles += [json.loads(line)["title"] for line in lines]
    changed = [title for title in titles if hide_names(title) != title]
    assert len(titles) > 2_000
    assert len(changed) * 500 <= len(titles), changed
