"""Pure rules of the division tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tenancy.domain import (
    KINDS,
    PORTAL_LEVELS,
    Level,
    code_problem,
    find_kind,
    short_name,
    standing_organ,
)


@pytest.mark.parametrize(
    ("level", "name", "kind"),
    [
        (Level.TOWNSHIP, "古雁街道", "street"),
        (Level.TOWNSHIP, "白阳镇", "town"),
        (Level.TOWNSHIP, "海原县种羊场", "farm"),
        (Level.TOWNSHIP, "王洼工业区", "development_zone"),
        (Level.VILLAGE, "崾岘村委会", "village"),
        (Level.VILLAGE, "东关社区居委会", "community"),
        (Level.VILLAGE, "北街居民委员会", "community"),
    ],
)
def test_kinds_follow_from_names(level, name, kind):
    assert find_kind(level, name) == kind


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("崾岘村委会", "崾岘村"),
        ("崾岘村村民委员会", "崾岘村"),
        ("崾岘村民委员会", "崾岘村"),
        ("东关社区居委会", "东关社区"),
        ("北街居委会", "北街"),
        ("村委会", "村委会"),
        ("石桥镇", "石桥镇"),
    ],
)
def test_short_names_are_what_people_say(name, short):
    assert short_name(name) == short


@given(st.sampled_from(sorted(PORTAL_LEVELS)), st.text(max_size=20))
def test_every_name_has_a_kind_of_its_level(level, name):
    assert find_kind(level, name) in KINDS[level]


@given(st.text(max_size=15), st.sampled_from([Level.COUNTY, Level.VILLAGE]))
def test_a_code_that_passes_is_digits_of_the_right_length(code, level):
    if code_problem(code, level, None) is None:
        assert code.isdigit()
        assert len(code) in {6, 12}


@pytest.mark.parametrize(
    ("kind", "name", "organ"),
    [
        ("village", "崾岘村委会", "崾岘村村民委员会"),
        ("village", "崾岘村村民委员会", "崾岘村村民委员会"),
        ("community", "东关社区居委会", "东关社区居民委员会"),
        ("street", "古雁街道", "古雁街道办事处"),
        ("street", "古雁街道办事处", "古雁街道办事处"),
        ("town", "白阳镇", "白阳镇人民政府"),
        ("county", "彭阳县", "彭阳县人民政府"),
        ("farm", "种羊场", "种羊场"),
    ],
)
def test_every_place_has_a_body_that_publishes(kind, name, organ):
    assert standing_organ(kind, name)[0] == organ
