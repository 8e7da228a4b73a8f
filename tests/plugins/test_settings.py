"""Settings in the tree: what holds, where from, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, fields
from marshmallow.exceptions import ValidationError
from sqlalchemy import select

from core.audit.models import AuditEntry
from core.errors import Conflict, Forbidden, Invalid
from core.permissions import OPERATOR
from core.plugins.activation.cache import ChosenValue
from core.plugins.activation.settings import (
    SettingChoice,
    change_settings,
    get_plugin_settings,
    resolve_settings,
)
from core.plugins.api.manifest import Manifest
from core.plugins.api.setting_fields import Kind, parse, settings_in
from core.testing.queries import counted

DEFAULTS = {
    "greeting": "欢迎", "places": 20, "open": True, "opens": 9, "closes": 17, "key": "",
}  # fmt: skip


@given(
    st.lists(
        st.none() | st.builds(ChosenValue, st.integers(), st.booleans()), min_size=5, max_size=5
    )
)
def test_the_nearest_value_holds_that_lies_above_every_lock(chosen):
    chain = tuple(range(5))
    nodes = {node: {"x": value} for node, value in zip(chain, chosen, strict=True) if value}
    held = resolve_settings(nodes, chain).get("x")
    said = [(node, value) for node, value in zip(chain, chosen, strict=True) if value]
    locks = [at for at, (_node, value) in enumerate(said) if value.locked]
    wanted = said[locks[0]] if locks else said[-1] if said else None
    assert (held.node, held.stored) == (wanted[0], wanted[1].value) if wanted else held is None


@pytest.fixture
def setting(booth):
    return {each.name: each for each in settings_in(booth)}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("greeting", Kind.TEXT), ("places", Kind.NUMBER), ("open", Kind.CHECK),
        ("key", Kind.SECRET),
    ],
)  # fmt: skip
def test_each_field_is_asked_for_in_its_way(setting, name, kind):
    assert setting[name].kind is kind


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [
        ("places", "30", 30), ("open", "1", True), ("open", "", False), ("greeting", "", ""),
        ("greeting", "您好", "您好"), ("key", "s3cret", "s3cret"),
    ],
)  # fmt: skip
def test_what_is_typed_is_stored(setting, name, typed, stored):
    assert parse(setting[name], typed) == stored


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("places", "很多", "请填写整数。"), ("places", "501", "应在 1 到 500 之间。"),
        ("places", "", "请填写。"), ("greeting", "十二个字十二个字十二个字", "不超过 10 个字符。"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_our_words(app, setting, name, typed, words):
    with app.test_request_context("/"), pytest.raises(ValidationError) as caught:
        parse(setting[name], typed)
    assert caught.value.messages == [words]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (fields.Date(load_default=None), "no String, Integer or Boolean"),
        (fields.List(fields.String(), load_default=list), "no String, Integer or Boolean"),
        (fields.Integer(), "has no load_default"),
    ],
)
def test_a_field_that_no_form_knows_is_refused(field, words):
    odd = Manifest(name="odd", version="1", title="odd", settings=Schema.from_dict({"x": field}))
    with pytest.raises(TypeError, match=words):
        settings_in(odd)


@pytest.mark.both_databases
def test_defaults_then_the_county_then_the_town(booth, platform, officers, tree):
    assert get_plugin_settings("booth", tree.village) == DEFAULTS
    change_settings(
        platform, officers.county, "booth", tree.county,
        [
            SettingChoice("greeting", "您好"), SettingChoice("places", 30),
            SettingChoice("opens", 8),
        ],
    )  # fmt: skip
    change_settings(platform, officers.town, "booth", tree.town, [SettingChoice("places", 40)])
    platform.commit()
    with counted() as sent:
        get_plugin_settings("booth", tree.county)
        found = get_plugin_settings("booth", tree.village)
    assert len(sent) <= 8
    expected = {"greeting": "您好", "places": 40, "opens": 8}
    assert found == DEFAULTS | expected
    assert get_plugin_settings("booth", tree.sister_village)["places"] == 40
    assert get_plugin_settings("booth", tree.sister_town)["places"] == 30
    change_settings(
        platform, officers.town, "booth", tree.town, [SettingChoice("places", inherit=True)]
    )
    platform.commit()
    assert get_plugin_settings("booth", tree.village)["places"] == 30


@pytest.mark.both_databases
def test_what_the_county_locks_nobody_below_changes(booth, platform, officers, tree):
    change_settings(platform, officers.town, "booth", tree.town, [SettingChoice("places", 40)])
    change_settings(
        platform, officers.county, "booth", tree.county, [SettingChoice("places", 30, locked=True)]
    )
    platform.commit()
    assert get_plugin_settings("booth", tree.village)["places"] == 30
    for actor in (officers.town, officers.county):
        with pytest.raises(Conflict):
            change_settings(platform, actor, "booth", tree.town, [SettingChoice("places", 50)])
        platform.rollback()
    change_settings(
        platform,
        officers.county,
        "booth",
        tree.town,
        [SettingChoice("open", stored=False, locked=True)],
    )
    with pytest.raises(Conflict):
        change_settings(
            platform, officers.town, "booth", tree.town, [SettingChoice("open", stored=True)]
        )
    platform.rollback()
    with pytest.raises(Conflict):
        change_settings(
            platform,
            officers.town,
            "booth",
            tree.town,
            [SettingChoice("greeting", "", locked=True)],
        )


def test_the_schema_judges_the_values_together(booth, platform, tree):
    change_settings(platform, OPERATOR, "booth", tree.county, [SettingChoice("closes", 12)])
    with pytest.raises(Invalid) as caught:
        change_settings(platform, OPERATOR, "booth", tree.town, [SettingChoice("opens", 13)])
    assert caught.value.fields == {"closes": "结束须晚于开始"}


def test_strangers_change_nothing(booth, platform, officers, tree):
    with pytest.raises(Forbidden):
        change_settings(platform, officers.other, "booth", tree.town, [SettingChoice("places", 1)])


def test_a_secret_is_in_no_record(booth, platform, officers, tree):
    choices = [SettingChoice("key", "s3cret"), SettingChoice("places", 3)]
    change_settings(platform, officers.county, "booth", tree.county, choices)
    platform.commit()
    assert get_plugin_settings("booth", tree.village)["key"] == "s3cret"
    entry = platform.scalars(select(AuditEntry)).one()
    assert "s3cret" not in str(entry.detail)
    assert entry.detail["settings"]["places"] == {"value": 3, "locked": False}


def test_a_value_that_fits_no_more_gives_way_to_the_default(booth, platform, tree):
    change_settings(platform, OPERATOR, "booth", tree.county, [SettingChoice("places", 30)])
    platform.flush()
    from core.plugins.models import PluginSetting

    platform.scalars(select(PluginSetting)).one().value = "viele"
    platform.commit()
    assert get_plugin_settings("booth", tree.village)["places"] == 20
