"""Division tables become tenants, once."""

from datetime import UTC

import pytest
from sqlalchemy import select

from core.db.scope import open_session
from core.errors import Conflict, Invalid, NotFound
from core.tenancy.divisions import read_divisions
from core.tenancy.domain import Level
from core.tenancy.importing import import_divisions
from core.tenancy.models import Tenant
from core.tenancy.service import (
    create_tenant,
    find_tenant,
    get_tenant,
    list_tenants,
    recode_tenant,
)

HEADER = "code,name,level,parent_code\n"
SMALL = HEADER + (
    "99,示例省,province,\n9901,示例市,city,99\n990111,甲县,county,9901\n"
    "990111100,东镇,township,990111\n990111100201,崾岘村委会,village,990111100\n"
    "990112,乙县,county,9901\n"
)


def load(text, root, name="t.csv"):
    rows = read_divisions(text.encode(), name)
    with open_session(None) as session:
        return import_divisions(session, rows, root, name)


@pytest.mark.both_databases
def test_a_second_import_changes_nothing(app):
    first, second = load(SMALL, "990111"), load(SMALL, "990111")
    assert (first.created, first.updated, first.unchanged) == (3, 0, 0)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 3)


def test_rows_above_become_layers_and_sisters_stay_out(app):
    load(SMALL, "990111")
    with open_session(None) as session:
        assert find_tenant(session, "9901").has_portal is False
        assert find_tenant(session, "990112") is None
        assert find_tenant(session, "CN").path in find_tenant(session, "990111").path


def test_of_a_city_the_counties_below_become_tenants(app):
    assert load(SMALL, "9901").created == 4


def test_a_new_name_updates_one(app):
    load(SMALL, "990111")
    counts = load(SMALL.replace("东镇", "东关街道"), "990111")
    assert (counts.created, counts.updated, counts.unchanged) == (0, 1, 2)
    with open_session(None) as session:
        assert find_tenant(session, "990111100").kind == "street"


@pytest.mark.both_databases
def test_below_the_nation_lies_everything(app):
    assert load(SMALL, "990111").created == 3
    everything = load(SMALL, "CN")
    assert (everything.created, everything.unchanged, everything.warnings) == (1, 3, [])
    with open_session(None) as session:
        added = find_tenant(session, "990112")
        assert added.path == f"{find_tenant(session, '9901').path}{added.id}/"
        assert (added.status, added.profile, added.created_at.tzinfo) == ("active", {}, UTC)
        create_tenant(session, code="97", name="另省", level=Level.PROVINCE, parent=added.parent)


def test_a_code_that_a_tenant_had_before_is_refused(app):
    load(SMALL, "990111")
    with open_session(None) as session:
        recode_tenant(session, get_tenant(session, "990111100"), "990111101")
    with app.test_request_context(), pytest.raises(Conflict):
        load(SMALL, "990111")


def test_a_kind_of_another_level_is_refused(app):
    text = "code,name,level,parent_code,kind\n99,示例省,province,,village\n"
    with app.test_request_context(), pytest.raises(Invalid):
        load(text, "99")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("code,name\n1,x\n", "t.csv"),
        (HEADER + "99,省,planet,\n", "t.csv:2"),
        (HEADER + "9,省,province,\n", "t.csv:2"),
        (HEADER + "99,省,province,\n8801,市,city,99\n", "t.csv:3"),
        (HEADER + "99,省,province,\n99,省,province,\n", "t.csv:3"),
        (HEADER + "99,,province,\n", "t.csv:2"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(app, text, place):
    with app.test_request_context(), pytest.raises(Invalid) as caught:
        load(text, "99")
    assert caught.value.where == place
    with open_session(None) as session:
        assert list_tenants(session) == []


def test_bytes_of_no_encoding_are_refused(app):
    with app.test_request_context(), pytest.raises(Invalid):
        read_divisions(b"\xff\xfe\x00\x81", "t.csv")


def test_gb18030_is_read(app):
    assert read_divisions(SMALL.encode("gb18030"), "t.csv")[2].name == "甲县"


def test_an_unknown_root_is_not_found(app):
    with app.test_request_context(), pytest.raises(NotFound):
        load(SMALL, "880101")


def test_orphans_are_named_and_left_out(app):
    text = SMALL + "990111200201,孤村委会,village,990111200\n"
    with app.test_request_context():
        counts = load(text, "990111")
    assert counts.created == 3
    assert "990111200" in counts.warnings[0]


class TestRealDivisions:
    def test_pengyang_keeps_villages_of_one_name_apart(self, app, shared_data):
        text = (shared_data / "divisions" / "pengyang_640425.csv").read_text("utf-8-sig")
        assert load(text, "640425").created == 1 + 12 + 162
        assert load(text, "640425").unchanged == 175
        with open_session(None) as session:
            query = select(Tenant).where(Tenant.name.startswith("崾岘村"))
            same = session.scalars(query).all()
        assert len(same) == 3
        assert len({tenant.parent_id for tenant in same}) > 1
        assert len({tenant.division_code for tenant in same}) == 3

    def test_the_whole_of_guyuan(self, app, shared_data):
        text = (shared_data / "divisions" / "guyuan_6404_all.csv").read_text("utf-8-sig")
        counts = load(text, "6404")
        with open_session(None) as session:
            levels = [tenant.level for tenant in list_tenants(session)]
        assert levels.count("county") == 5
        assert counts.created == len(levels) == 938
        assert counts.warnings == []


TWELVE = HEADER + (
    "990000000000,示例省,province,\n990100000000,示例市,city,990000000000\n,,,\n"
    "990111000000,甲县,county,990100000000\n990111100000,东镇,township,990111000000\n \n"
    "990111100201,崾岘村委会,village,990111100000\n,,,\n"
)


@pytest.mark.parametrize("root", ["990111", "990111000000"])
@pytest.mark.parametrize(
    "text", [TWELVE, TWELVE.replace("990000000000", "990000").replace("990100000000", "990100")]
)
def test_codes_of_twelve_digits_and_blank_rows_are_read(app, text, root):
    counts = load(text, root)
    assert (counts.created, counts.warnings) == (3, [])
    with open_session(None) as session:
        codes = set(session.scalars(select(Tenant.division_code)))
    assert codes == {"CN", "99", "9901", "990111", "990111100", "990111100201"}
    assert load(SMALL, "990111").unchanged == 3


@pytest.mark.parametrize("mark", ["[已撤销]", "【撤销】", "（已合并到东关村）", "(已撤并)"])
def test_an_abolished_division_becomes_no_tenant(app, mark):
    gone = f"990111100202,旧村村委会{mark},village,990111100\n"
    counts = load(SMALL + gone, "990111")
    assert counts.created == 3
    assert [warning for warning in counts.warnings if "旧村" in warning and "t.csv:8" in warning]
    with open_session(None) as session:
        assert find_tenant(session, "990111100202") is None


def test_what_lies_below_an_abolished_division_is_told(app):
    counts = load(SMALL.replace("东镇", "东镇[已撤销]"), "990111")
    assert counts.created == 1
    assert len(counts.warnings) == 2
