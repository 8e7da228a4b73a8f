"""Lists that may not exist are refused at the field, whatever their channel (条例 15, N30)."""

import pytest

from core.db.scope import Scope, open_session
from core.errors import Invalid
from core.publishing.lists.domain.model import ColumnType, ListData, TypedColumn
from core.publishing.workflow.drafts import submit

ROWS = "{}\t{}\n韦有才\t一\n韦有德\t二\n"


@pytest.mark.parametrize(
    ("title", "heads"),
    [
        ("2026年孤儿基本生活费发放名单", ("姓名", "金额")),
        ("事实无人抚养儿童名单", ("姓名", "金额")),
        ("春季学期困难学生补助名单", ("姓名", "金额")),
        ("救助名单", ("学生姓名", "金额")),
        ("残疾人两项补贴对象公布", ("户主", "残疾类别")),
        ("临时救助公示", ("申请人", "所患疾病")),
        ("惠农补贴公示", ("农户", "一卡通账号")),
        ("惠农补贴公示", ("农户", "银行 卡号")),
    ],
)
@pytest.mark.parametrize("typed", [True, False])
def test_they_are_refused_before_review(village, make, people, title, heads, typed):  # noqa: PLR0917 - fixtures
    columns = tuple(TypedColumn(str(n), head, ColumnType.TEXT) for n, head in enumerate(heads))
    data = ListData(columns, (("韦有才", "一"),)) if typed else None
    body = "现予公布。" if typed else ROWS.format(*heads)
    draft = make(village, title=title, body_source=body, list_data=data)
    with pytest.raises(Invalid) as refused:
        submit(village, people.clerk, draft)
    assert refused.value.fields.keys() == {"list_data" if typed else "body"}


@pytest.mark.parametrize(
    ("title", "heads"),
    [
        ("孤儿基本生活费标准", ("类别", "标准")),
        ("预防接种门诊", ("门诊", "县疾病预防控制中心")),
        ("残疾人两项补贴对象公布", ("户主", "金额")),
        ("低保对象公示", ("户主", "保障人口")),
        ("困难学生资助资金分配", ("学校", "人数")),
    ],
)
def test_texts_and_totals_about_the_same_are_not(village, make, people, title, heads):
    draft = make(village, title=title, body_source=ROWS.format(*heads))
    submit(village, people.clerk, draft)
    assert draft.state == "in_review"


def test_a_county_adds_words_of_its_own(tree, village, make, people):
    with open_session(Scope.platform("test")) as session:
        county = session.get_one(type(tree.county), tree.county.id)
        county.profile = {**county.profile, "forbidden_list_words": ["精神状况"]}
    draft = make(village, title="公示", body_source=ROWS.format("户主", "精神状况"))
    with pytest.raises(Invalid) as refused:
        submit(village, people.clerk, draft)
    assert "精神状况" in refused.value.fields["body"]
