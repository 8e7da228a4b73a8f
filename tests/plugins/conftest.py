"""A few plugins as the host would report them, and words said about them."""

from dataclasses import dataclass

import pytest
from marshmallow import Schema, fields, validates_schema
from marshmallow.exceptions import ValidationError
from marshmallow.validate import Length, Range

from core.permissions import Actor, Role
from core.plugins.activation.cache import bump_version
from core.plugins.api.contributions import Problem
from core.plugins.api.manifest import PersonalData
from core.plugins.loading.host import PluginHost
from core.plugins.models import PluginDecision
from core.testing.factories.people import create_person
from tests.plugins.hosting import build_manifest, install

INSTALLED = (
    build_manifest("fair"),
    build_manifest("stall", requires=("fair",)),
    build_manifest("well", levels=("village",)),
)


@pytest.fixture
def plugins(app):
    """The host of the installed plugins; a test may install its own."""
    host = PluginHost()
    for made in INSTALLED:
        install(host, made, search_kinds=("something",))
    app.extensions["plugins"] = host
    return host


@pytest.fixture
def say(plugins, platform):
    """Put a word about a plugin at a tenant, as it stands in the database."""

    def put(tenant, word, name="fair", *, own=False):
        platform.add(PluginDecision(tenant_id=tenant.id, plugin=name, word=word, own=own))
        bump_version(platform)
        platform.commit()

    return put


@dataclass(frozen=True)
class Officers:
    """Who decides: at the county, in a township, in another county."""

    county: Actor
    town: Actor
    other: Actor


@pytest.fixture
def officers(tree):
    """Accounts with the role of an open-affairs office, each at one place."""
    return Officers(
        create_person("county", Role.OFFICER, tree.county),
        create_person("town", Role.OFFICER, tree.town),
        create_person("other", Role.OFFICER, tree.other_county),
    )


class BoothSettings(Schema):
    """One setting of each kind."""

    greeting = fields.String(
        load_default="欢迎",
        validate=Length(max=10),
        metadata={"label": "问候语", "help": "显示在页首"},
    )
    places = fields.Integer(load_default=20, validate=Range(1, 500), metadata={"label": "名额"})
    open = fields.Boolean(load_default=True, metadata={"label": "开放"})
    opens = fields.Integer(load_default=9, validate=Range(0, 23), metadata={"label": "开始"})
    closes = fields.Integer(load_default=17, validate=Range(0, 23), metadata={"label": "结束"})
    key = fields.String(load_default="", metadata={"label": "密钥", "secret": True})

    @validates_schema
    def _in_order(self, data, **_options):
        if data.get("opens", 9) > data.get("closes", 17):
            raise ValidationError({"closes": ["结束须晚于开始"]})


def check_booth(tenant, settings):
    if settings["places"] > 100:
        return [Problem("名额多于会场座位", "把名额降到100以内")]
    return []


@pytest.fixture
def booth_and_erased(plugins):
    """A plugin with settings, data about people, and hooks; and where its data was erased."""
    kept = PersonalData("姓名和电话", "报名", "活动后30天")
    made = build_manifest("booth", settings=BoothSettings, personal_data=(kept,))
    erased = []

    def erase(session, tenant):
        if tenant.name == "西镇":
            raise RuntimeError("no")
        erased.append(tenant.division_code)

    install(plugins, made, check_config=check_booth, erase=erase)
    return made, erased


@pytest.fixture
def booth(booth_and_erased):
    return booth_and_erased[0]


@pytest.fixture
def erased(booth_and_erased):
    return booth_and_erased[1]
