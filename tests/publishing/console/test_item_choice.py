"""The clerk finds the item by everyday words; what it says is preset, and can be seen."""

import pytest

from core.publishing.console.item_choice import list_choices
from core.publishing.vocabulary import find_genre
from core.search.query.lexicon import national_lexicon
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for
from tests.publishing.console.choices import build_catalog

LIST = "社会救助 / 最低生活保障 / 城乡居民最低生活保障对象名单"


@pytest.mark.parametrize(
    "asked", ["低保", "低保名单", "dibao", "最低生活保障", "低保 名单", "救助"]
)
def test_everyday_words_find_the_item(asked):
    found = list_choices(build_catalog(), "village", asked, national_lexicon())
    assert "名单" in [item.item_id for item in found]


def test_words_that_fit_nothing_find_nothing():
    assert list_choices(build_catalog(), "village", "低保 路灯", national_lexicon()) == []


def test_what_only_villages_have_comes_first():
    found = list_choices(build_catalog(), "village", "", national_lexicon())
    assert [item.item_id for item in found] == ["账目", "征地", "名单"]


@pytest.mark.parametrize(
    ("kind", "item", "genre"),
    [
        ("county", "财政预决算 / 部门预算", "财政信息"),
        ("county", LIST, "公示"),
        ("village", LIST, "公示"),
        ("village", "财务公开 / 收支明细", "村务公开"),
        ("community", "", "居务公开"),
        ("county", "", "通知公告"),
    ],
)
def test_the_genre_comes_from_the_item(kind, item, genre):
    assert find_genre(kind, item) == genre


def test_organ_and_genre_stand_in_the_form_itself(sign_in):
    page = sign_in("clerk").get(url_for("publishing_console.new", place=VILLAGE))
    assert page.select("//select[@name='genre'][not(ancestor::details)]")
    assert page.select("//select[@name='organ_id'][not(ancestor::details)]")
    label = page.select("//label[@for='body']")[0].text_content()
    assert "选填" not in label
