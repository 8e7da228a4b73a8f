"""The format of masks, numbers to keep and words are a place's setting, inherited below (N31)."""

import pytest

from core.errors import Forbidden, Invalid
from core.permissions import OPERATOR, Actor
from core.privacy.domain.scanning import mask_text, scan_text
from core.privacy.domain.wording import find_sensitive
from core.publishing.guard.settings.choices import (
    PrivacyChoice,
    load_own_choice,
    load_words,
    save_choice,
)
from core.publishing.guard.settings.rules import load_rules
from core.publishing.workflow.drafts import submit
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for

pytestmark = pytest.mark.both_databases

TEXT = "身份证11010519491231002X,手机13800138000,值班13900139000,宁A12345"


def masked(session, tenant):
    return mask_text(TEXT, scan_text(TEXT, load_rules(session, tenant, None)))


def test_the_nearest_format_holds_and_numbers_kept_add_up(platform, tree):
    assert load_own_choice(platform, tree.county) == PrivacyChoice()
    county = PrivacyChoice({"id_number": (6, 4), "phone": (3, 2)}, ["139 0013 9000"])
    save_choice(platform, OPERATOR, tree.county, county)
    save_choice(platform, OPERATOR, tree.town, PrivacyChoice({"phone": (3, 4)}, ["宁A·12345"]))
    assert masked(platform, tree.county) == (
        "身份证110105********002X,手机138******00,值班13900139000,宁A***45"
    )
    assert masked(platform, tree.town) == (
        "身份证110105********002X,手机138****8000,值班13900139000,宁A12345"
    )
    assert load_own_choice(platform, tree.town).keep == ("宁A12345",)


def test_words_are_those_of_the_place_and_of_all_above(platform, tree):
    save_choice(platform, OPERATOR, tree.county, PrivacyChoice(words=["王建国:县委书记"]))
    save_choice(platform, OPERATOR, tree.town, PrivacyChoice(words=["石桥乡=石桥镇"]))
    text = "县长王建国到石桥乡,村长陪同"
    warnings = find_sensitive(text, load_words(platform, tree.town))
    assert [each.better for each in warnings] == ["县委书记王建国", "石桥镇", "村民委员会主任"]
    assert len(find_sensitive(text, load_words(platform, tree.county))) == 2


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (PrivacyChoice(keep=["12345678901234567890"]), "keep"),
        (PrivacyChoice(words=["=好"]), "words"),
        (PrivacyChoice(words=["张三:"]), "words"),
    ],
)
def test_a_wrong_line_is_said_at_its_field(platform, tree, choice, field):
    with pytest.raises(Invalid) as error:
        save_choice(platform, OPERATOR, tree.county, choice)
    assert list(error.value.fields) == [field]


def test_others_may_not_set_it(platform, tree):
    with pytest.raises(Forbidden):
        save_choice(platform, Actor(1, "王小明"), tree.county, PrivacyChoice())


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(sign_in):
    officer = sign_in("officer")
    address = url_for("publishing_privacy.show")
    [version] = officer.get(address).select("//input[@name='version']/@value")
    posted = {
        "version": version, "id_number": "6+4", "keep": "139 0013 9000", "words": "张三:",
    }  # fmt: skip
    refused = officer.post(address, posted, status=422)
    assert "张三:" in refused.text
    assert "139 0013 9000" in refused.text
    officer.post(address, posted | {"words": "村长=村主任"})
    shown = officer.get(address).text
    assert "13900139000" in shown
    assert "村长=村主任" in shown


def test_author_and_reviewer_are_warned_of_words_and_nothing_is_replaced(
    sign_in, make, people, platform, tree
):
    save_choice(platform, OPERATOR, tree.county, PrivacyChoice(words=["石桥乡=石桥镇"]))
    text = "经石桥乡和县国土资源局研究决定"
    publication = make(platform, body_source=text)
    platform.commit()
    shown = [sign_in("clerk").get(address("publishing_acts.detail", publication)).text]
    submit(platform, people.clerk, publication)
    platform.commit()
    shown.append(sign_in("officer").get(address("publishing_review.review", publication)).text)
    for page in shown:
        assert "建议写作“石桥镇”" in page
        assert "自然资源厅(局、所)" in page
        assert text in page


def address(page, publication):
    return url_for(page, publication.id, place=VILLAGE)
