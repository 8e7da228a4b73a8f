"""Rows of a table against a catalog: equal names match, alike names are proposed."""

import pytest

from core.catalog.domain.changes import (
    Define,
    DefineDomain,
    Layer,
    Lock,
    Refine,
    Withdraw,
    WithdrawDomain,
)
from core.catalog.domain.inheritance import resolve
from core.catalog.domain.matching import RowOutcome, find_domain, match_rows, similar_domains

AID = {"domain": "jiuzhu", "levels": ["county", "township"], "mode": "proactive"}


def item(number, *names, **fields):
    named = dict(zip(("level1", "level2", "level3"), (*names, None, None), strict=False))
    return Define(f"CN-jiuzhu-{number:03}", AID | named | fields, revision=1)


def catalog(*changes, county=()):
    nation = [
        DefineDomain(
            "jiuzhu", "社会救助", "社会救助领域基层政务公开标准目录", aliases=("民政救助",)
        ),
        item(1, "综合业务", "政策法规文件", legal_basis=["《社会救助暂行办法》"]),
        item(2, "最低生活保障", "政策法规文件"),
        item(3, "最低生活保障", "审批信息", time_limit={"raw": "及时公开", "rule": None}),
        *changes,
    ]
    return resolve(
        [Layer("CN", "nation", nation), Layer("990111", "county", county, kind="county")]
    )


def match(rows, known=None):
    return match_rows(rows, known or catalog(), "jiuzhu", "990111")


def row(*names, **fields):
    return dict(zip(("level1", "level2", "level3"), names, strict=False)) | fields


def test_equal_names_match_whatever_their_blanks_and_widths():
    [found] = match([row("综合 业务", "政策法规文件 ")])

    assert (found.outcome, found.item_id) == (RowOutcome.UNCHANGED, "CN-jiuzhu-001")


def test_unknown_values_stay_inherited_and_others_become_refinements():
    [found] = match(
        [
            row(
                "综合业务",
                "政策法规文件",
                legal_basis=["《社会救助法》"],
                mode=None,
                channels=[],
                audience={"kind": None, "text": None},
                seq="17",
            )
        ]
    )

    assert found.outcome is RowOutcome.REFINED
    assert [(d.field, d.base, d.value) for d in found.differences] == [
        ("legal_basis", ["《社会救助暂行办法》"], ["《社会救助法》"])
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"levels": ["township", "county"]},
        {"time_limit": {"raw": "及时 公开"}},
        {"time_limit": {"raw": None, "rule": None}},
    ],
)
def test_other_writings_of_the_same_value_are_no_change(fields):
    [found] = match([row("最低生活保障", "审批信息", **fields)])

    assert found.outcome is RowOutcome.UNCHANGED


def test_a_group_that_the_table_does_not_name_is_the_one_that_is_known():
    known = catalog(item(4, "检查", audience={"kind": "group", "text": "当事人"}))

    [unnamed] = match([row("检查", audience={"kind": "group", "text": None})], known)
    [everyone] = match([row("检查", audience={"kind": "everyone", "text": None})], known)

    assert unnamed.outcome is RowOutcome.UNCHANGED
    assert everyone.differences[0].value == {"kind": "everyone", "text": None}


def test_a_row_that_is_new_is_defined():
    [found] = match([row("慈善捐赠", "募捐备案", mode="proactive")])

    assert (found.outcome, found.candidates) == (RowOutcome.DEFINED, ())


@pytest.mark.parametrize(
    "names",
    [
        ("最低生活保障", "审批信息公示"),
        ("最低生活保障审批信息",),
        ("最低生活保障", None, "审批信息"),
        (None, "审批信息"),
    ],
)
def test_names_that_only_look_alike_are_proposed_and_not_stored(names):
    [found] = match([row(*names)])

    assert found.outcome is RowOutcome.PROPOSED
    assert found.candidates[0] == "CN-jiuzhu-003"


def test_the_same_words_under_another_heading_are_another_item():
    [found] = match([row("特困人员救助供养", "政策法规文件")])

    assert found.outcome is RowOutcome.DEFINED


def test_items_matched_exactly_are_no_candidates_for_other_rows():
    found = match([row("最低生活保障", "审批信息"), row("最低生活保障", "审批信息公示")])

    assert [m.outcome for m in found] == [RowOutcome.UNCHANGED, RowOutcome.DEFINED]


def test_rows_of_equal_names_belong_to_items_of_equal_names_in_order():
    known = catalog(item(4, "检查", mode="proactive"), item(5, "检查", mode="on_request"))

    found = match(
        [
            row("检查", mode="proactive"),
            row("检查", mode="on_request"),
            row("检查", mode="on_request"),
            row("检查", mode="on_request", channels=["政府网站"]),
        ],
        known,
    )

    assert [(m.outcome, m.item_id) for m in found] == [
        (RowOutcome.UNCHANGED, "CN-jiuzhu-004"),
        (RowOutcome.UNCHANGED, "CN-jiuzhu-005"),
        (RowOutcome.REPEATED, None),
        (RowOutcome.DEFINED, None),
    ]


def test_a_locked_field_blocks_its_own_layer_never_and_others_always():
    rows = [row("最低生活保障", "审批信息", mode="on_request", channels=["政府网站"])]
    lock = Lock("CN-jiuzhu-003", "mode", revision=2)

    [above] = match(rows, catalog(lock))
    [own] = match(rows, catalog(county=[lock]))

    assert [d.field for d in above.blocked] == ["mode"]
    assert [d.field for d in above.differences] == ["channels"]
    assert not own.blocked


def test_rows_of_withdrawn_items_and_domains_are_told_not_defined_anew():
    rows = [row("最低生活保障", "审批信息"), row("慈善捐赠", "募捐备案")]

    item_gone = match(rows, catalog(county=[Withdraw("CN-jiuzhu-003")]))
    domain_gone = match(rows, catalog(county=[WithdrawDomain("jiuzhu")]))

    assert [m.outcome for m in item_gone] == [RowOutcome.WITHDRAWN, RowOutcome.DEFINED]
    assert item_gone[0].item_id == "CN-jiuzhu-003"
    assert [m.outcome for m in domain_gone] == [RowOutcome.WITHDRAWN, RowOutcome.WITHDRAWN]


def test_a_row_without_any_name_is_told():
    assert match([row(None, "", None, mode="proactive")])[0].outcome is RowOutcome.NAMELESS


def test_extra_columns_are_added_to_what_is_there():
    known = catalog(item(4, "检查", extra={"五公开": "决策"}))

    [same] = match([row("检查", extra={"五公开": "决策"})], known)
    [more] = match([row("检查", extra={"格式": "文本"})], known)

    assert same.outcome is RowOutcome.UNCHANGED
    assert more.differences[0].value == {"五公开": "决策", "格式": "文本"}


def test_a_refined_item_is_compared_as_it_stands():
    known = catalog(county=[Refine("CN-jiuzhu-003", "mode", "on_request", "proactive")])

    [found] = match([row("最低生活保障", "审批信息", mode="on_request")], known)

    assert found.outcome is RowOutcome.UNCHANGED


@pytest.mark.parametrize(
    "name",
    ["jiuzhu", "社会救助", "社会救助领域", " 社会 救助领域基层政务公开标准目录", "民政救助领域"],
)
def test_domains_are_found_by_key_name_title_and_alias(name):
    assert find_domain(catalog().domains, name).key == "jiuzhu"


def test_another_domain_is_not_found_but_a_similar_one_is_named():
    domains = catalog().domains

    assert find_domain(domains, "社会救助工作") is None
    assert [d.key for d in similar_domains(domains, "社会救助工作")] == ["jiuzhu"]
    assert similar_domains(domains, "养老服务") == []
