"""Facts of lists and rows that differ: order, tolerance, units, masked names, one village."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.village_sync.domain.facts import compare_facts, compare_rows, read_facts
from plugins.village_sync.domain.life import SyncState, get_next_state, is_public, judge
from plugins.village_sync.domain.sheets import (
    ComparedSheet,
    SheetColumn,
    VillageNames,
    select_place,
    split_batches,
    split_places,
)
from plugins.village_sync.pairs.queries import load_kinds

KINDS = load_kinds()
FARMLAND = KINDS.get_kind("farmland")
COLUMNS = (
    SheetColumn("户主", holds_names=True), SheetColumn("面积", "亩"),
    SheetColumn("标准", "元/亩"), SheetColumn("金额", "元"),
)  # fmt: skip

amounts = st.decimals("0.01", "9999", places=2)
names = st.sampled_from(["张三", "李四", "王五", "赵六"])
rows = st.lists(st.tuples(names, amounts, st.just(Decimal("95.5")), amounts), max_size=8).map(tuple)


def build(found, columns=COLUMNS, totals=()):
    return ComparedSheet(tuple(columns), tuple(found), totals)


def verdict(ours, theirs, kind=FARMLAND):
    facts = compare_facts(kind, read_facts(ours, kind, KINDS), read_facts(theirs, kind, KINDS))
    return judge(facts, compare_rows(ours, theirs, kind, KINDS))


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    ours, theirs = build(found), build(shuffled)
    assert read_facts(ours, FARMLAND, KINDS) == read_facts(theirs, FARMLAND, KINDS)
    assert compare_rows(ours, theirs, FARMLAND, KINDS) == []
    assert verdict(ours, theirs) is not SyncState.OPEN


@given(rows, rows, st.randoms(use_true_random=False))
def test_what_differs_is_the_same_in_any_order(one, other, random):
    shuffled = list(one)
    random.shuffle(shuffled)
    first = compare_rows(build(one), build(other), FARMLAND, KINDS)
    assert compare_rows(build(shuffled), build(other), FARMLAND, KINDS) == first
    swapped = compare_rows(build(other), build(one), FARMLAND, KINDS)
    assert len(swapped) == len(first)


@given(rows.filter(bool), st.data())
def test_a_row_that_is_left_out_is_always_found(found, data):
    place = data.draw(st.integers(0, len(found) - 1))
    rest = found[:place] + found[place + 1 :]
    (missing,) = compare_rows(build(found), build(rest), FARMLAND, KINDS)
    assert (missing.name, missing.village, missing.government) == (found[place][0], True, False)
    assert verdict(build(found), build(rest)) in {SyncState.OPEN, SyncState.UNCLEAR}


@given(amounts, st.decimals("0", "0.05", places=2))
def test_numbers_may_lie_apart_by_the_tolerance_and_no_more(area, apart):
    row = ("张三", area, Decimal("95.5"), Decimal(10))
    near = ("张三", area + apart, Decimal("95.5"), Decimal(10))
    expected = SyncState.AGREES if apart <= FARMLAND.get_fact("area").tolerance else SyncState.OPEN
    assert verdict(build([row]), build([near])) is expected


def test_units_are_brought_together():
    project = KINDS.get_kind("projects")
    ours = build(
        [("修路", Decimal("12.5"))], (SheetColumn("项目名称"), SheetColumn("批复金额", "万元"))
    )
    theirs = build(
        [("修路", Decimal(125_000))], (SheetColumn("项目名称"), SheetColumn("批复金额", "元"))
    )
    assert verdict(ours, theirs, project) is SyncState.AGREES


def test_a_stated_total_counts_where_it_stands():
    sheet = build(
        [("张三", Decimal(1), None, Decimal(10))], totals=("合计", Decimal(7), None, None)
    )
    facts = read_facts(sheet, FARMLAND, KINDS)
    assert (facts["area"], facts["amount"], facts["households"]) == (7, 10, 1)


def test_rows_of_villages_are_held_against_rows_of_persons():
    summed = build(
        [(Decimal(2), Decimal(5), Decimal("477.5"))],
        (SheetColumn("农户数"), SheetColumn("补贴面积", "亩"), SheetColumn("补贴金额", "元")),
    )
    named = build([
        ("张三", Decimal(2), Decimal("95.5"), Decimal(191)),
        ("李四", Decimal(3), Decimal("95.5"), Decimal("286.5")),
    ])  # fmt: skip
    assert verdict(named, summed) is SyncState.AGREES


def test_masked_names_are_matched_by_what_masking_leaves():
    ours = build([("高小珍", Decimal(2), None, Decimal(1)), ("尹大", Decimal(3), None, Decimal(2))])
    theirs = build([("尹*", Decimal(3), None, Decimal(2)), ("高*珍", Decimal(2), None, Decimal(1))])
    assert compare_rows(ours, theirs, FARMLAND, KINDS) == []


def test_what_is_no_number_is_not_added_up():
    sheet = build([("张三", "两亩", None, Decimal(1))])
    assert "area" not in read_facts(sheet, FARMLAND, KINDS)


def test_lists_without_a_fact_in_common_claim_nothing():
    ours = build([("修路",)], (SheetColumn("内容"),))
    assert verdict(ours, ours) is SyncState.UNCLEAR


@pytest.mark.parametrize(
    ("village", "township", "shared", "count"),
    [("柳湾村", "东镇", False, 2), ("柳湾村", "东镇", True, 1), ("柳湾", "东镇", True, 1),
     ("崾岘村", "东镇", False, None)],
)  # fmt: skip
def test_a_village_of_a_shared_name_needs_its_township(village, township, shared, count):
    columns = (SheetColumn("乡镇"), SheetColumn("村"), SheetColumn("户主"))
    sheet = build([("东镇", "柳湾村", "张三"), (None, "柳湾村委会", "李四")], columns)
    part = select_place(split_places(sheet, KINDS), VillageNames(village, township, shared))
    assert (part and len(part.rows)) == count


def test_rows_are_parted_by_the_batch_that_they_name():
    columns = (SheetColumn("户主"), SheetColumn("批次"))
    sheet = build([("张三", "第一批"), ("李四", "2"), ("王五", "第二批"), ("赵六", None)], columns)
    parts = split_batches(sheet, KINDS, "2026年危房改造")
    assert {batch: len(part.rows) for batch, part in parts.items()} == {
        "2026-b1": 1, "2026-b2": 2, "2026": 1,
    }  # fmt: skip


@given(st.sampled_from(SyncState), st.sampled_from(SyncState), st.booleans())
def test_comparing_again_changes_no_state(before, found, unchanged):
    once = get_next_state(before, found, unchanged=unchanged)
    assert get_next_state(once, found, unchanged=True) is once


@given(st.dates(), st.dates())
def test_a_difference_is_public_only_after_its_term(due, day):
    assert is_public(SyncState.OPEN, due, day) == (day > due)
    assert is_public(SyncState.EXPLAINED, due, day)
    assert not is_public(SyncState.UNCLEAR, due, day)
    assert not is_public(SyncState.OPEN, None, day)


def test_the_twelve_pairs_are_found_by_the_names_of_items():
    names = {
        "farmland": ("农业补贴", "农业生产发展资金 耕地地力保护补贴"),
        "low-income": ("城乡居民最低生活保障对象名单", "最低生活保障 审批信息"),
        "homestead": ("宅基地审批情况", "宅基地使用情况审核"),
        "projects": ("公益事业筹资筹劳方案及实施", "农业农村政策 筹资筹劳"),
        "land": ("土地征收及补偿费分配使用", "补偿安置 征地补偿安置方案"),
        "general": ("村情简介", "机构职能"),
    }
    assert len(KINDS.kinds) == 12
    assert {key: KINDS.find_kind(*pair).key for key, pair in names.items()} == {
        key: key for key in names
    }
