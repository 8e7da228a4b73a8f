"""Sensitive wording is said with its place and a better word, and never replaced."""

import pytest

from core.privacy.domain.wording import WordRules, find_sensitive, parse_word_line
from core.privacy.wording import general_words


@pytest.mark.parametrize(
    ("text", "word", "better"),
    [
        ("产品远销日本、韩国、台湾等国家", "日本、韩国、台湾", "中国台湾"),
        ("与台湾、香港等国家签约", "台湾、香港等国家", "国家和地区"),
        ("县国土资源局受理", "国土资源局", "自然资源厅(局、所)"),
        ("到县环保局反映", "环保局", "生态环境厅(局)"),
        ("按农业部规定", "农业部", "农业农村部"),
        ("县卫计局", "卫计局", "卫生健康委员会(局)"),
        ("由村长签字", "村长", "村民委员会主任"),
        ("残废人补贴", "残废人", "残疾人"),
    ],
)
def test_general_rules_say_a_better_word(text, word, better):
    (warning,) = find_sensitive(text, general_words())
    assert text[warning.start : warning.end] == warning.text
    assert word.startswith(warning.text[:2])
    assert better in warning.better


@pytest.mark.parametrize(
    "text",
    [
        "香港特别行政区、台湾地区",
        "日本、韩国等国家和地区",
        "自然资源局、生态环境局、农业农村部、农业部门",
        "扶贫办法、国家税务总局、国家税务总局望川县税务局",
        "村民委员会主任、村长期规划",
    ],
)
def test_right_words_are_left_alone(text):
    assert find_sensitive(text, general_words()) == []


def test_the_law_itself_has_few_warnings(shared_data):
    words = general_words()
    texts = [path.read_text("utf-8") for path in sorted((shared_data / "laws").glob("0[67]*.md"))]
    assert sum(len(find_sensitive(text, words)) for text in texts) < len(texts)


def test_a_county_has_words_and_posts_of_its_own():
    words = WordRules()
    for line in ("石桥乡=石桥镇", "王建国：县委书记", "违禁词"):
        words += parse_word_line(line)
    text = "石桥乡政府陪同县长王建国,县委书记王建国、书记王建国讲话;违禁词"
    assert [(each.text, each.better) for each in find_sensitive(text, words)] == [
        ("石桥乡", "石桥镇"),
        ("县长王建国", "县委书记王建国"),
        ("违禁词", ""),
    ]


def test_a_better_word_that_begins_with_the_wrong_one_is_no_fault():
    words = parse_word_line("农业=农业农村")
    assert [each.start for each in find_sensitive("农业农村局、农业局", words)] == [6]


@pytest.mark.parametrize("line", [":书记", "张三:", "=好", "同=同", ""])
def test_a_line_that_says_nothing_is_refused(line):
    with pytest.raises(ValueError):  # noqa: PT011 - the line itself is the message
        parse_word_line(line)
