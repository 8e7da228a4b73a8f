"""`gongkai catalog …` as operators script it: JSON, exit statuses, one process each at the end."""

import json

import pytest
from click.testing import CliRunner

from core.catalog.cli.commands import catalog
from core.catalog.domain.changes import Refine, Withdraw
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, item_fields, load_catalog

COUNTY, TOWN, VILLAGE = "990111", "990111100", "990111100201"
CHANGE = ("--tenant", COUNTY, FIRST, "--set", "mode=on_request", "--reason", "县局要求")


@pytest.fixture
def run(app):
    """Run a command in this process; answers exit status and JSON."""

    def invoke(*arguments, status=0):
        result = CliRunner().invoke(catalog, [*arguments, "--json"])
        assert result.exit_code == status, result.output + str(result.exception)
        return json.loads(result.stdout) if result.stdout.startswith("{") else None

    return invoke


def test_show_answers_the_effective_catalog(national, run):
    approve_changes(
        national.county, Refine(FIRST, "mode", "on_request", "proactive"), reason="县局要求"
    )

    shown = run("show", "--tenant", VILLAGE)

    assert set(shown) >= {"tenant", "at", "version", "items", "conflicts"}
    assert (shown["tenant"], shown["conflicts"]) == (VILLAGE, [])
    item = next(item for item in shown["items"] if item["item_id"] == FIRST)
    assert (item["domain"], item["domain_name"]) == ("jiuzhu", "社会救助")
    assert (item["defined_by"], item["locked"], item["mode"]) == ("CN", [], "on_request")
    assert item["origin"]["mode"] == {"tenant": COUNTY, "revision": 1, "reason": "县局要求"}
    assert item["origin"]["level1"]["tenant"] == "CN"
    assert item["time_limit"] == {"raw": "及时公开", "rule": None}


def test_show_filters_by_level_domain_and_item(national, run, tmp_path):
    file = tmp_path / "items.json"
    file.write_text(
        json.dumps(
            [
                item_fields(level2="只在村级", levels=["village"]),
                item_fields(level2="不知层级", levels=None, domain="养老服务"),
            ]
        )
    )
    run("define", "--tenant", COUNTY, "--from", str(file), "--approve")

    def names(*options):
        return [item["level2"] for item in run("show", "--tenant", *options)["items"]]

    assert names(COUNTY) == ["政策法规文件", "监督检查", "不知层级"]
    assert names(VILLAGE)[2:] == ["只在村级", "不知层级"]
    assert names(COUNTY, "--all-levels")[2:] == ["只在村级", "不知层级"]
    assert names("CN", "--domain", "社会救助") == ["政策法规文件", "监督检查"]
    assert names(COUNTY, "--domain", "jiuzhu", "--all-levels")[2:] == ["只在村级"]
    assert names(COUNTY, "--item", FIRST) == ["政策法规文件"]
    finding = run("show", "--tenant", COUNTY)["findings"][0]
    assert (finding["field"], finding["item_id"]) == ("levels", "990111-yang-lao-fu-wu-001")
    run("show", "--tenant", COUNTY, "--domain", "无此领域", status=1)


def test_a_change_waits_for_approval_and_show_is_unchanged(national, run):
    waiting = run("refine", *CHANGE)

    assert waiting == {"state": "in_review", "change": waiting["change"]}
    assert load_catalog(national.county).items[FIRST].fields["mode"] == "proactive"

    revision = run("approve", str(waiting["change"]))
    assert (revision["state"], revision["revision"], revision["tenant"]) == ("approved", 1, COUNTY)
    assert revision["author"] == revision["approver"] == "operator"
    assert load_catalog(national.county).items[FIRST].fields["mode"] == "on_request"
    run("approve", str(waiting["change"]), status=1)


def test_show_can_look_back(national, run):
    run("refine", *CHANGE, "--approve")

    assert run("show", "--tenant", COUNTY, "--at", "2020-01-01")["items"] == []
    assert run("show", "--tenant", COUNTY, "--at", "2999-01-01")["items"][0]["mode"] == "on_request"


def test_values_are_typed_by_their_field(national, run):
    run(
        "refine", "--tenant", COUNTY, FIRST, "--reason", "x", "--approve",
        "--set", "channels=政府网站;村公示栏",
        "--set", "legal_basis=《社会救助法》",
        "--set", "time_limit=10个工作日内",
        "--set", "audience=特定群体:本村村民",
        "--set", "levels=县级;township",
        "--set", "mode=依申请",
        "--set", "level3=",
        "--set", 'extra={"五公开": "决策"}',
    )  # fmt: skip

    item = run("show", "--tenant", COUNTY, "--item", FIRST)["items"][0]
    assert item["channels"] == ["政府网站", "村公示栏"]
    assert item["legal_basis"] == ["《社会救助法》"]
    assert item["time_limit"] == {"raw": "10个工作日内", "rule": None}
    assert item["audience"] == {"kind": "group", "text": "本村村民"}
    assert item["levels"] == ["county", "township"]
    assert (item["mode"], item["level3"]) == ("on_request", None)
    assert item["extra"] == {"五公开": "决策"}


def test_a_locked_field_is_refused_below_with_exit_status_one(national, run):
    run("lock", "--tenant", COUNTY, FIRST, "--field", "mode", "--reason", "统一", "--approve")
    setting = ("--set", "time_limit=20日内", "--reason", "统一", "--approve")
    run("lock", "--tenant", COUNTY, FIRST, *setting)

    error = run(
        "refine", "--tenant", TOWN, FIRST, "--set", "mode=on_request", "--reason", "x", status=1
    )["error"]

    assert set(error) >= {"code", "message", "where"}
    assert (error["code"], error["where"]) == ("conflict", FIRST)
    item = run("show", "--tenant", VILLAGE, "--item", FIRST)["items"][0]
    assert item["locked"] == ["mode", "time_limit"]
    assert item["time_limit"]["raw"] == "20日内"


def test_items_and_domains_are_withdrawn_here_and_below(national, run):
    run("withdraw", "--tenant", COUNTY, FIRST, "--reason", "无此业务", "--approve")
    assert [i["item_id"] for i in run("show", "--tenant", VILLAGE)["items"]] == [SECOND]
    assert len(run("show", "--tenant", "990112")["items"]) == 2
    run("show", "--tenant", VILLAGE, "--item", FIRST, status=1)

    run("withdraw", "--tenant", TOWN, "--domain", "社会救助", "--reason", "未涉及", "--approve")
    shown = run("show", "--tenant", VILLAGE)
    assert shown["items"] == []
    assert shown["not_applicable"][0]["reason"] == "未涉及"


def test_a_change_can_be_limited_to_kinds_of_tenants(national, run):
    run("refine", *CHANGE, "--kind", "town", "--approve")

    def mode(code):
        return run("show", "--tenant", code, "--item", FIRST)["items"][0]["mode"]

    assert (mode(COUNTY), mode(TOWN), mode(VILLAGE)) == ("proactive", "on_request", "on_request")
    run("refine", *CHANGE, "--kind", "planet", status=1)


def test_drift_lists_where_tenants_differ(national, run):
    approve_changes(national.town, Refine(FIRST, "mode", "on_request", "proactive"), reason="镇情")
    approve_changes(national.sister_town, Withdraw(SECOND), reason="无")

    first, second = run("drift", "--under", COUNTY)["items"]

    [difference] = first["differences"]
    assert difference["field"] == "mode"
    assert difference["values"][1]["origin"] == {"tenant": TOWN, "revision": 1, "reason": "镇情"}
    assert TOWN in difference["values"][1]["tenants"]
    assert second["withdrawn"][0]["origin"]["reason"] == "无"


def test_upstream_changes_wait_and_are_accepted_or_kept(national, run):
    refined = Refine(FIRST, "level2", "本县文件", "政策法规文件")
    checked = Refine(SECOND, "level2", "本县检查", "监督检查")
    approve_changes(national.county, refined, checked)
    assert run("changes", "--tenant", COUNTY) == {"changes": []}

    approve_changes(
        national.nation,
        Refine(FIRST, "level2", "法规文件", "政策法规文件"),
        Refine(SECOND, "level2", "检查", "监督检查"),
    )
    first, second = run("changes", "--tenant", COUNTY)["changes"]
    assert {key: first[key] for key in ("item_id", "field", "base", "upstream", "local")} == {
        "item_id": FIRST,
        "field": "level2",
        "base": "政策法规文件",
        "upstream": "法规文件",
        "local": "本县文件",
    }
    assert run("changes", "--tenant", TOWN) == {"changes": []}

    run("decide", "--tenant", COUNTY, first["id"], "accept")
    run("decide", "--tenant", COUNTY, second["id"], "keep")
    assert run("changes", "--tenant", COUNTY) == {"changes": []}
    assert load_catalog(national.village).items[FIRST].fields["level2"] == "法规文件"
    assert load_catalog(national.village).items[SECOND].fields["level2"] == "本县检查"
    run("decide", "--tenant", COUNTY, first["id"], "accept", status=1)
    run("decide", "--tenant", COUNTY, first["id"], "shrug", status=2)


def test_a_persons_decision_waits_for_a_second_person(national, run, person):
    person("liu", "liaison", national.county)
    approve_changes(national.county, Refine(FIRST, "level2", "本县文件", "政策法规文件"))
    approve_changes(national.nation, Refine(FIRST, "level2", "法规文件", "政策法规文件"))
    [waiting] = run("changes", "--tenant", COUNTY)["changes"]

    answer = run("decide", "--tenant", COUNTY, waiting["id"], "keep", "--as", "liu")

    assert answer["state"] == "in_review"
    assert run("changes", "--tenant", COUNTY)["changes"] == [waiting]


def test_the_impact_of_changes_is_seen_before_they_are_made(national, run, tmp_path):
    approve_changes(national.town, Refine(FIRST, "mode", "on_request", "proactive"))
    approve_changes(national.sister_town, Refine(SECOND, "level2", "西镇检查", "监督检查"))
    file = tmp_path / "changes.json"
    changes = [
        {"op": "refine", "item_id": FIRST, "field": "channels", "value": ["政府公报"]},
        {"op": "lock", "item_id": FIRST, "field": "mode"},
        {"op": "refine", "item_id": SECOND, "field": "level2", "value": "检查"},
        {"op": "define", "domain": "社会救助", "level1": "新增"},
        {"op": "define", "domain": "社会救助", "level1": "又增"},
    ]
    file.write_text(json.dumps({"changes": changes}))

    found = run("impact", "--tenant", COUNTY, str(file))

    assert len(found["affected_tenants"]) == 7
    assert "990112" not in found["affected_tenants"]
    flows = {(flow["item_id"], flow["field"]): flow for flow in found["flows_through"]}
    assert len(flows[FIRST, "channels"]["tenants"]) == 7
    assert set(flows[FIRST, "mode"]["tenants"]) == {TOWN, VILLAGE, "990111100202"}
    assert "990111101" not in flows[SECOND, "level2"]["tenants"]
    assert flows["990111-jiuzhu-002", None]["before"] is None
    kinds = {(c["kind"], c["tenant"], c["item_id"]) for c in found["conflicts"]}
    assert kinds == {
        ("locked_field", TOWN, FIRST),
        ("upstream_change", "990111101", SECOND),
    }
    assert load_catalog(national.county).items[FIRST].fields["channels"] == ["政府网站"]


@pytest.mark.parametrize("content", ["x", '{"changes": 1}', '[{"op": "explode"}]', "[1]"])
def test_a_changeset_that_says_nothing_known_is_refused(national, run, tmp_path, content):
    file = tmp_path / "changes.json"
    file.write_text(content)

    assert run("impact", "--tenant", COUNTY, str(file), status=1)["error"]["message"]


def test_persons_act_with_their_own_rights(national, run, person):
    person("liu", "liaison", national.county)
    person("he", "officer", national.county)

    waiting = run("refine", *CHANGE, "--as", "liu")
    run("approve", str(waiting["change"]), "--as", "liu", status=1)
    revision = run("approve", str(waiting["change"]), "--as", "he")

    assert (revision["author"], revision["approver"]) == ("liu 某", "he 某")
    run("refine", "--tenant", TOWN, *CHANGE[2:], "--as", "liu", status=1)
    run("refine", *CHANGE, "--as", "nobody", status=1)
    own = ("lock", "--tenant", COUNTY, FIRST, "--field", "mode", "--reason", "x")
    run(*own, "--as", "he", "--approve", status=1)
    assert load_catalog(national.county).items[FIRST].locked == {}


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("refine", "--tenant", COUNTY, FIRST, "--set", "mode=proactive"), 2),
        (("refine", "--tenant", COUNTY, FIRST, "--reason", "x"), 2),
        (("refine", "--tenant", COUNTY, FIRST, "--set", "mode", "--reason", "x"), 2),
        (("refine", "--tenant", COUNTY, FIRST, "--set", "mode=maybe", "--reason", "x"), 1),
        (("refine", "--tenant", COUNTY, FIRST, "--set", "colour=red", "--reason", "x"), 1),
        (("refine", "--tenant", COUNTY, FIRST, "--set", "domain=无", "--reason", "x"), 1),
        (("refine", "--tenant", COUNTY, FIRST, "--set", "mode=proactive", "--reason", "x"), 1),
        (("refine", "--tenant", COUNTY, "nothing", "--set", "mode=proactive", "--reason", "x"), 1),
        (("refine", "--tenant", "404404", FIRST, "--set", "mode=proactive", "--reason", "x"), 1),
        (("lock", "--tenant", COUNTY, FIRST, "--reason", "x"), 2),
        (("lock", "--tenant", COUNTY, FIRST, "--field", "colour", "--reason", "x"), 1),
        (("withdraw", "--tenant", COUNTY, "--reason", "x"), 2),
        (("withdraw", "--tenant", COUNTY, FIRST), 2),
        (("withdraw", "--tenant", COUNTY, "nothing", "--reason", "x"), 1),
        (("withdraw", "--tenant", COUNTY, "--domain", "无此领域", "--reason", "x"), 1),
        (("define", "--tenant", COUNTY, "--from", "/no/such/file.json"), 1),
        (("show",), 2),
        (("show", "--tenant", "404404"), 1),
        (("show", "--tenant", COUNTY, "--item", "nothing"), 1),
        (("show", "--tenant", COUNTY, "--at", "soon"), 2),
        (("approve", "404"), 1),
        (("approve", "x"), 1),
        (("drift", "--under", "404404"), 1),
        (("unheard-of",), 2),
    ],
)
def test_exit_statuses(national, run, arguments, status):
    answer = run(*arguments, status=status)

    assert (answer is not None) == (status == 1)
    if status == 1:
        assert set(answer["error"]) >= {"code", "message", "where"}


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        '["text"]',
        "{}",
        '{"domain": "社会救助"}',
        '{"domain": "社会救助工作", "level1": "x"}',
        '{"domain": "tourism", "level1": "x"}',
        '{"domain": "社会救助", "level1": "x", "colour": "red"}',
        '{"domain": "社会救助", "level1": "x", "item_id": "a b"}',
        '{"domain": "社会救助", "level1": "x", "item_id": "CN-jiuzhu-001"}',
        '{"domains": [{"name": ""}]}',
        '{"domains": [{"name": "x", "key": "A B"}]}',
    ],
)
def test_definitions_that_cannot_be_are_refused(national, run, tmp_path, content):
    file = tmp_path / "item.json"
    file.write_text(content)

    answer = run("define", "--tenant", COUNTY, "--from", str(file), status=1)

    assert answer["error"]["message"]


def test_definitions_may_bring_their_domain_and_ids(national, run, tmp_path):
    file = tmp_path / "items.json"
    domain = {"key": "wen-lv", "name": "文化旅游", "title": "文化旅游领域目录"}
    item = {"domain": "文化旅游", "level1": "乡村旅游", "item_id": "990111-wen-lv-900"}
    file.write_text(json.dumps({"domains": [domain], "items": [item]}, ensure_ascii=False))

    waiting = run("define", "--tenant", COUNTY, "--from", str(file))
    revision = run("approve", str(waiting["change"]))

    assert revision["summary"] == {"define_domain": 1, "define": 1}
    shown = run("show", "--tenant", VILLAGE, "--item", "990111-wen-lv-900")["items"][0]
    assert (shown["level1"], shown["defined_by"], shown["levels"]) == ("乡村旅游", COUNTY, None)


def test_the_program_speaks_without_json_too(national, gongkai):
    shown = gongkai("catalog", "show", "--tenant", COUNTY)
    missing = gongkai("catalog", "show", "--tenant", "404404")

    assert (shown.status, missing.status) == (0, 1)
    assert "政策法规文件" in shown.out
    assert "404404" in missing.err
