"""Packs are read whole or refused with the place of what is wrong."""

import json

import pytest
from marshmallow import fields

from core.errors import Invalid, NotFound
from core.settings import resource
from core.tenancy import pack_schemas
from core.tenancy.packs import find_pack, read_pack

MANIFEST = """
format = 1
code = "990177"
level = "county"
name = "丙县"
effective = 2026-01-01
"""
DIVISIONS = "code,name,level,parent_code\n990177,丙县,county,\n990177100,甲镇,township,990177\n"
ITEMS = "item_id,domain,level1\n"


@pytest.fixture
def write(tmp_path):
    """Write a pack; answers its folder."""

    def write_pack(manifest="", **files):
        (tmp_path / "tenant.toml").write_text(MANIFEST + manifest, "utf-8")
        for name, text in files.items():
            stem, _, ending = name.rpartition("_")
            (tmp_path / f"{stem}.{ending}").write_text(text, "utf-8")
        return tmp_path

    return write_pack


def problem(folder):
    with pytest.raises(Invalid) as caught:
        read_pack(folder)
    return caught.value


@pytest.mark.parametrize("name", ["_national", "_template", "demo-county"])
def test_the_packs_of_the_repository_are_sound(name):
    pack = read_pack(find_pack(name))
    assert pack.name
    assert pack.items


def test_the_national_pack_names_every_domain_and_gives_ids_once():
    pack = read_pack(find_pack("_national"))
    assert len(pack.domains) == 29
    assert [domain.order for domain in pack.domains] == list(range(1, 30))
    assert {item.tenant for item in pack.items} == {"CN"}
    for item in pack.items:
        assert item.item_id.startswith(f"CN-{item.fields['domain']}-")
        assert item.fields["domain"] in {domain.key for domain in pack.domains}


def test_an_item_has_the_fields_of_the_catalog():
    pack = read_pack(find_pack("_national"))
    item = next(item for item in pack.items if item.item_id == "CN-shehui-jiuzhu-013")
    assert item.fields["time_limit"] == {"raw": "制定或获取信息之日起10个工作日内", "rule": None}
    assert item.fields["audience"] == {"kind": "group", "text": "申请人所在村(社区)居民"}
    assert item.fields["levels"] == ["county", "township", "village"]
    assert "level3" not in item.fields


def test_facts_are_those_of_the_shared_tables(shared_data):
    """The national catalog states the same facts as the tables it was made from."""
    stated = {item.item_id: item.fields for item in read_pack(find_pack("_national")).items}
    seen = [fields["level2"] or fields["level1"] for fields in map(_named, stated.values())]
    for path in sorted((shared_data / "catalogs").glob("*.json")):
        for row in json.loads(path.read_text("utf-8"))["rows"]:
            assert (row["level2"] or row["level1"]) in seen


def _named(stated):
    return {"level1": stated["level1"], "level2": stated.get("level2")}


def test_a_pack_that_is_not_there(app):
    with pytest.raises(NotFound, match="nowhere"):
        find_pack("nowhere")


def test_a_misspelt_field_is_named(app, write):
    error = problem(write('[site]\ngovernment_name = "丙县人民政府"\norganizer = "x"\n'))
    assert error.where == "tenant.toml"
    assert "site.organizer – " in error.message


def test_a_missing_field_is_named(app, write):
    assert (
        "guide.phone – "
        in problem(write('[guide]\noffice = "x"\naddress = "x"\nhours = "x"\n')).message
    )


def test_a_syntax_error_names_the_line(app, write):
    assert "line" in problem(write("[site\n")).message
    folder = write('[files]\nlinks = "links.json"\n', links_json='{"links": [\n,]}')
    assert problem(folder).where == "links.json:2"


def test_a_row_is_named_by_its_line(app, write):
    folder = write(
        '[files]\ndivisions = "d.csv"\norgans = "organs.csv"\n',
        d_csv=DIVISIONS,
        organs_csv="tenant,name,kind\n990177,县政府,government\n990177,县学校,school\n",
    )
    assert problem(folder).where == "organs.csv:3"


@pytest.mark.parametrize("name", ["gone.csv", "../tenant.toml"])
def test_a_file_must_be_in_the_pack(app, write, name):
    (write().parent / "tenant.toml").write_text("x", "utf-8")
    assert problem(write(f'[files]\norgans = "{name}"\n')).where == name


def test_places_must_be_in_the_tree(app, write):
    folder = write(
        '[files]\ndivisions = "d.csv"\norgans = "organs.csv"\n',
        d_csv=DIVISIONS,
        organs_csv="tenant,name,kind\n990177999,某所,department\n",
    )
    assert "990177999" in problem(folder).message


def test_an_item_id_is_given_once(app, write):
    table = '[[tables]]\nfile = "items.csv"\nprovenance = "x"\n'
    rows = ITEMS + "990177-a-001,a,事项\n990177-a-001,a,事项\n"
    assert problem(write(table, items_csv=rows)).where == "990177-a-001"


def test_an_item_needs_a_domain(app, write):
    table = '[[tables]]\nfile = "items.csv"\nprovenance = "x"\n'
    assert problem(write(table, items_csv=ITEMS + "990177-a-001,,事项\n")).where == "items.csv:2"


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("manifest", pack_schemas.ManifestSchema),
        ("domain", pack_schemas.DomainSchema),
        ("item", pack_schemas.ItemSchema),
        ("organ", pack_schemas.OrganSchema),
        ("user", pack_schemas.UserSchema),
        ("changes", pack_schemas.ChangesSchema),
        ("links", pack_schemas.LinksSchema),
    ],
)
def test_the_published_schemas_say_the_same(name, schema):
    published = json.loads(resource("tenants", "schema", f"{name}.json").read_text("utf-8"))
    assert_same(published, schema())


def assert_same(published, schema):
    """Same fields, same required ones, all the way down."""
    assert set(published["properties"]) == set(schema.fields)
    required = {name for name, each in schema.fields.items() if each.required}
    assert set(published["required"]) == required
    assert published["additionalProperties"] is False
    for name, each in schema.fields.items():
        inner = each.inner if isinstance(each, fields.List) else each
        if isinstance(inner, fields.Nested):
            below = published["properties"][name]
            assert_same(below.get("items", below), inner.schema)
