"""What importing a table does to a layer: planned first, stored whole or not at all."""

import pytest

from core.catalog.domain.changes import Define, DefineDomain, Lock, Refine, WithdrawDomain
from core.catalog.domain.matching import RowOutcome
from core.catalog.uploads.corrections import ParsedTable
from core.catalog.uploads.planning import NEW_ITEM, plan_import
from core.db.scope import Scope, open_session
from core.errors import Invalid, NotFound
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, item_fields, load_catalog


def row(*names, **values):
    return dict(zip(("level1", "level2", "level3"), names, strict=False)) | values


def table(*rows, domain="社会救助", title=None):
    return ParsedTable(title, domain, rows)


def plan(tenant, *tables, **options):
    with open_session(Scope.own(tenant)) as session:
        return plan_import(session, tenant, tables, **options)


def test_a_table_for_an_empty_layer_defines_domain_and_items(tree):
    made = plan(tree.nation, table(row("甲", "子"), row("乙"), title="社会救助领域目录"))

    domain, first, second = made.changes
    assert isinstance(domain, DefineDomain)
    assert (domain.key, domain.name, domain.title) == (
        "she-hui-jiu-zhu",
        "社会救助",
        "社会救助领域目录",
    )
    assert first == Define("CN-she-hui-jiu-zhu-001", first.fields)
    assert second.item_id == "CN-she-hui-jiu-zhu-002"
    assert first.fields["level2"] == "子"
    assert first.fields["mode"] is None
    assert made.count(RowOutcome.DEFINED) == 2
    assert [f.field for f in made.findings] == ["domain"]


def test_importing_the_same_table_again_changes_nothing(tree):
    tables = [table(row("甲", "子", mode="proactive"), row("乙"))]
    approve_changes(tree.nation, *plan(tree.nation, *tables).changes)

    for tenant in (tree.nation, tree.county, tree.village):
        again = plan(tenant, *tables)
        assert again.changes == []
        assert again.count(RowOutcome.UNCHANGED) == 2


def test_differences_become_refinements_based_on_what_is_inherited(national):
    approve_changes(national.county, Refine(FIRST, "mode", "on_request", "proactive"))

    made = plan(
        national.county,
        table(row("综合业务", "政策法规文件", mode="proactive", channels=["政府公报"])),
    )

    assert made.changes == [
        Refine(FIRST, "channels", ["政府公报"], ["政府网站"]),
        Refine(FIRST, "mode", "proactive", "proactive"),
    ]
    assert made.count(RowOutcome.REFINED) == 1


def test_a_proposal_is_stored_only_after_somebody_has_answered_it(national):
    tables = [table(row("综合业务", "政策法规文件目录", mode="on_request"))]

    open_question = plan(national.county, *tables)
    same = plan(national.county, *tables, confirmed={(0, 0): FIRST})
    another = plan(national.county, *tables, confirmed={(0, 0): NEW_ITEM})

    assert open_question.changes == []
    assert FIRST in open_question.findings[0].message
    assert open_question.findings[0].severity == "warning"
    assert same.changes == [Refine(FIRST, "mode", "on_request", "proactive")]
    assert [c.item_id for c in another.changes] == ["990111-jiuzhu-001"]
    with pytest.raises(NotFound):
        plan(national.county, *tables, confirmed={(0, 0): "CN-jiuzhu-404"})


def test_two_tables_of_one_domain_are_matched_together(national):
    made = plan(national.county, table(row("新增")), table(row("新增")))

    assert [(r.catalog, r.match.row, r.match.outcome) for r in made.rows] == [
        (0, 0, RowOutcome.DEFINED),
        (1, 0, RowOutcome.REPEATED),
    ]


def test_the_given_domain_holds_for_every_table_by_name_or_key(national):
    for name in ("jiuzhu", "社会救助"):
        made = plan(national.county, table(row("综合业务", "监督检查"), domain="别的"), domain=name)
        assert made.rows[0].match.item_id == SECOND


def test_a_domain_key_names_a_new_domain_where_the_table_has_its_name(tree):
    made = plan(tree.nation, table(row("甲"), domain="养老服务"), domain="yanglao")

    assert (made.changes[0].key, made.changes[0].name) == ("yanglao", "养老服务")
    with pytest.raises(Invalid):
        plan(tree.nation, table(row("甲"), domain=None), domain="yanglao")
    with pytest.raises(Invalid):
        plan(tree.nation, table(row("甲"), domain=None))


def test_a_title_is_no_domain(tree):
    nameless = table(row("甲"), domain=None, title="基层政务公开标准目录")
    with pytest.raises(Invalid) as refused:
        plan(tree.nation, nameless)
    assert "domain" in refused.value.fields
    made = plan(tree.nation, nameless, domain="水利")
    assert made.changes[0].name == "水利"


def test_a_domain_like_another_is_opened_with_a_question(national):
    made = plan(national.county, table(row("甲"), domain="社会救助工作"))

    assert "社会救助" in made.findings[0].message
    assert made.findings[0].row is None


def test_locked_fields_and_withdrawn_items_are_told(national):
    approve_changes(national.nation, Lock(FIRST, "mode"))
    approve_changes(national.town, WithdrawDomain("jiuzhu"))

    locked = plan(national.county, table(row("综合业务", "政策法规文件", mode="on_request")))
    gone = plan(national.town, table(row("综合业务", "政策法规文件", mode="on_request")))

    assert locked.changes == []
    assert locked.findings[0].field == "mode"
    assert gone.rows[0].match.outcome is RowOutcome.WITHDRAWN


def test_domains_that_the_file_names_as_not_concerned_are_withdrawn_with_its_reason(national):
    made = plan(
        national.town,
        not_applicable=[("社会救助", "本镇无此业务"), ("海关监管", None)],
    )

    assert made.changes == [
        DefineDomain("hai-guan-jian-guan", "海关监管"),
        WithdrawDomain("jiuzhu", reason="本镇无此业务"),
        WithdrawDomain("hai-guan-jian-guan"),
    ]
    approve_changes(national.town, *made.changes)
    assert set(load_catalog(national.village).not_applicable) == {"jiuzhu", "hai-guan-jian-guan"}
    assert plan(national.town, not_applicable=[("社会救助", None)]).changes == []


def test_ids_are_never_given_twice(national):
    first = plan(national.county, table(row("新增一")))
    approve_changes(national.county, *first.changes)
    approve_changes(national.county, Define("990111-jiuzhu-007", item_fields(level2="手工编号")))

    second = plan(national.county, table(row("新增二")))

    assert first.changes[0].item_id == "990111-jiuzhu-001"
    assert second.changes[0].item_id == "990111-jiuzhu-008"
