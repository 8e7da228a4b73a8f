import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.query.lexicon import merge_word_lists, national_list
from core.search.query.planner import MAX_GROUPS, TermForm, plan_query
from core.search.query.spelling import correct


def texts(typed):
    """What must be there: one set of texts for each group of the exact question."""
    return [{term.text for term in group.terms} for group in plan_query(typed).variants[0].groups]


def test_question_words_are_not_asked_for():
    assert texts("低保怎么申请") == [{"低保", "最低生活保障"}, {"申请"}]
    assert texts("请问种地补贴什么时候发呢")[0] >= {"种地补贴", "耕地地力保护补贴"}


def test_a_question_without_anything_else_is_asked_as_it_stands():
    assert texts("怎么办") == [{"怎么办"}]


def test_a_query_of_lone_characters_is_searched_raw_first():
    assert texts("失能") == [{"失能"}]
    assert [ask.groups[0].terms[0].text for ask in plan_query("路").variants] == ["路"]


@pytest.mark.parametrize(
    "typed", ["-低保", "+低保", '"低保"', "「低保」", "低保*", "低保 -", "NOT"]
)
def test_no_character_is_an_operator(typed):
    plan = plan_query(typed)
    assert plan.variants
    if "低保" in typed:
        assert texts(typed) == texts("低保")


@pytest.mark.parametrize("typed", ["", "   ", "😀", "-", '""', "？！"])
def test_nothing_is_asked_where_nothing_was_typed(typed):
    assert plan_query(typed).empty


def test_synonyms_reach_in_both_directions_and_over_four_words():
    assert {"低保", "最低生活保障"} in texts("低保")
    assert {"低保", "最低生活保障"} in texts("最低生活保障")
    assert "公共租赁住房" in texts("公租房")[0]


def test_a_citizens_word_finds_the_official_one_but_not_back():
    assert "乡村医生" in texts("赤脚医生")[0]
    assert not any("赤脚医生" in group for group in texts("乡村医生"))


def test_a_forbidden_pair_holds_for_all_merged_lists():
    words = merge_word_lists(
        [{"equal": [["低保", "社保"]], "terms": ["社保"]}, {"never": [["社保", "低保"]]}]
    )
    assert words.synonyms == {}
    assert not words.may_replace("低保", "社保")


@pytest.mark.parametrize(
    "typed",
    [
        "望政办发〔2026〕14号",
        "望政办发[2026]14号",
        "望政办发(2026)14号",
        "望政办发【2026】第14号",
        "望政办发 2026 14号",
        "14号文",
        "第14号文件",
        "〔2024〕21号",
        "999901001/2026-00001",
        "01527918X-2020-153077",
        "999901001/2026—00001",
        "望环罚2026第6",
        "望政发〔二〇二六〕三十三号",
    ],
)
def test_document_and_index_numbers_are_recognised_in_any_punctuation(typed):
    group = plan_query(typed).variants[0].groups[0]
    assert group.keep
    assert group.terms[0].form is TermForm.NUMBER


def test_a_number_written_in_words_is_asked_in_digits():
    assert "望政发〔2014〕133号" in texts("望政发〔二〇一四〕一百三十三号")[0]
    assert "望政发〔2014〕10号" in texts("望政发二零一四年第十号")[0]


@pytest.mark.parametrize("typed", ["2026年低保标准", "2026 预算", "一季度", "中央一号文件"])
def test_a_year_is_no_document_number(typed):
    assert not any(group.keep for group in plan_query(typed).variants[0].groups)


def test_a_number_is_never_given_up():
    for ask in plan_query("望政办发〔2026〕14号 低保 标准").variants:
        assert ask.groups[0].keep


def test_pinyin_and_initials_are_read():
    forms = {term.form for term in plan_query("gaolingjintie").variants[0].groups[0].terms}
    assert TermForm.PINYIN in forms
    assert "低保" in texts("db")[0]
    assert TermForm.INITIALS in {
        term.form for term in plan_query("dbsq").variants[0].groups[0].terms
    }


def test_letters_beside_characters_are_read_too():
    assert texts("dibao申请") == [{"dibao", "di bao", "低保", "最低生活保障"}, {"申请"}]


def test_letters_and_digits_of_one_name_are_one_word():
    assert "pm2.5" in texts("PM2.5")[0]
    assert texts("H7N9") == [{"h7n9"}]
    assert {"t20"} in texts("T20无人机")
    assert {"5g"} in texts("5G基站")


def test_a_place_is_asked_with_and_without_its_kind_and_not_given_up_for_a_part():
    words = merge_word_lists([{"places": ["北关社区", "米沟村"], "citizen": {"账目": ["收支"]}}])
    asks = plan_query("北关社区 账目 明细账", words).variants
    assert [term.text for term in asks[0].groups[0].terms] == ["北关社区", "北关"]
    kept = {group.terms[0].text for ask in asks for group in ask.groups if group.keep}
    assert kept == {"北关社区", "账目"}


def test_looser_questions_follow_stricter_ones():
    asks = plan_query("屋顶 房屋 翻新 邻居").variants
    shares = [ask.minimum / len(ask.required) for ask in asks]
    assert shares == sorted(shares, reverse=True)
    assert asks[0].minimum == len(asks[0].required)
    assert asks[-1].relaxed


def test_aspects_of_a_matter_are_optional():
    [ask] = plan_query("低保申请条件").variants
    assert [group.optional for group in ask.groups][:2] == [False, True]
    assert len(ask.required) == 1


def test_the_matter_is_never_given_up_for_a_part_of_the_question():
    asks = plan_query("低保 亲属 收入").variants
    assert [group.terms[0].text for group in asks[1].groups if group.keep] == ["低保"]
    assert asks[1].minimum == 1


@given(st.text(max_size=300))
def test_any_text_can_be_planned(typed):
    plan = plan_query(typed)
    for ask in plan.variants:
        assert 0 < ask.minimum <= len(ask.required) <= len(ask.groups) <= MAX_GROUPS
        assert ask.raw_query


@given(st.text(alphabet="低保申请危房改造公示怎么的村里路灯", min_size=1, max_size=12))
def test_the_citizens_own_words_are_part_of_every_question(typed):
    assert {ask.raw_query for ask in plan_query(typed).variants} == {typed}


@pytest.mark.parametrize(
    ("typed", "repaired"),
    [
        ("底保申请", "低保申请"),
        ("法律员助", "法律援助"),
        ("危房改早", "危房改造"),
        ("dbsq", "低保申请"),
        ("2026年危房改早", "2026年危房改造"),
        ("村里花多少钱", None),
        ("低保申请", None),
        ("", None),
        ("没有这种东西", None),
        ("zzzzqq", None),
    ],
)
def test_homophones_of_known_terms_are_corrected(typed, repaired):
    assert correct(typed) == repaired


PLACES = merge_word_lists(
    [
        national_list(),
        {
            "places": [
                "石桥镇",
                "石桥",
                "双桥村",
                "双桥",
                "柳湾乡",
                "柳湾村",
                "柳湾",
                "桃园村",
                "桃园",
            ]
        },
    ]
)


@pytest.mark.parametrize(
    ("typed", "repaired"),
    [
        ("水龙头老是坏", None),  # 头老 lies across two words, which is no 投劳
        ("不给", None),  # not 补给: a negation is never repaired away
        ("没贴", None),
        ("桃源村低保", None),  # a real place elsewhere, though it sounds like 桃园村
        ("双乔村低保", "双桥村低保"),  # no place of this name is known to anybody
        ("柳湾镇低保", None),
    ],
)
def test_a_repair_is_never_untrue(typed, repaired):
    assert correct(typed, PLACES, frozenset({"投劳", "补给", "补贴"})) == repaired


@pytest.mark.parametrize(
    ("typed", "word"),
    [("罚了多少款", "罚款"), ("占了两块地", "占地"), ("修过路", "修路"), ("贷了点款", "贷款")],
)
def test_a_verb_and_its_object_are_one_word_with_something_between(typed, word):
    words = merge_word_lists([national_list(), {"terms": ["罚款", "占地", "修路", "贷款"]}])
    assert word in [group.terms[0].text for group in plan_query(typed, words).variants[0].groups]


def test_a_long_known_word_is_found_across_the_borders_of_words():
    words = merge_word_lists([{"equal": [["林权改", "集体林权制度改革"]]}])
    assert {"林权改", "集体林权制度改革"} in [
        {term.text for term in group.terms}
        for group in plan_query("国有林权改革进度", words).variants[0].groups
    ]


def test_a_place_within_another_is_required_alone():
    [narrow, matter, wide] = plan_query("石桥镇双桥村低保", PLACES).variants[0].groups
    assert (narrow.terms[0].text, narrow.optional) == ("双桥村", False)
    assert matter.terms[0].text == "低保"
    assert (wide.terms[0].text, wide.optional) == ("石桥镇", True)
    # Two places of one level are two places.
    both = plan_query("石桥镇和柳湾乡低保", PLACES).variants[0].required
    assert [group.terms[0].text for group in both] == ["石桥镇", "柳湾乡", "低保"]


def test_only_losing_the_matter_or_half_of_the_words_is_worth_a_notice():
    variants = plan_query("低保 摇号 车位 物业").variants
    partial = {variant.minimum: variant.partial for variant in variants if variant.relaxed}
    assert partial[1]
    assert not partial[max(partial)]


def test_words_of_nearly_every_matter_are_given_up_before_others():
    exact, looser, *_ = plan_query("政府 自来水").variants
    assert [group.terms[0].text for group in exact.required] == ["政府", "自来水"]
    assert [group.terms[0].text for group in looser.groups if group.keep] == ["自来水"]
    assert (looser.minimum, looser.relaxed, looser.partial) == (1, True, False)
    for variant in plan_query("老人 免费 坐车").variants[2:]:
        assert "老人" not in {group.terms[0].text for group in variant.required}


@pytest.mark.parametrize(
    ("typed", "partial"),
    [("屋里不热", True), ("政府电话", False), ("老人", False), ("国家给钱吗", False)],
)
def test_such_a_word_alone_is_told_as_a_part_of_what_was_asked(typed, partial):
    [variant] = plan_query(typed).variants
    assert variant.partial is partial


def test_letters_are_the_initials_of_a_word_of_the_documents_not_of_any_row_of_characters():
    learned = frozenset({"种植补贴", "补贴", "种植"})
    assert correct("zzbt", learned=learned) == "种植补贴"
    assert correct("zzbt", learned=frozenset({"种植", "补贴"})) == "执照补贴"
