"""The program as operators script it: exit statuses, JSON, remedies."""

import pytest


def test_init_may_run_again_and_makes_no_tenant(gongkai):
    first, second = gongkai("init", "--json"), gongkai("init", "--json")
    assert (first.status, first.json) == (0, second.json)
    assert set(first.json) == {"database", "revision", "search"}
    assert gongkai("tenant", "list", "--json").json == {"tenants": []}


def test_a_fresh_folder_needs_nothing_but_init(gongkai, tmp_path):
    place = {"GONGKAI_DATABASE_URL": "", "GONGKAI_DATA_DIR": str(tmp_path / "new")}
    assert gongkai("tenant", "list", "--json", **place).status == 1
    doctor = gongkai("doctor", "--json", **place)
    assert doctor.status == 1
    failed = [check for check in doctor.json["checks"] if not check["ok"]]
    assert "migrations" in {check["name"] for check in failed}
    assert all(check["remedy"] for check in failed)
    assert gongkai("init", **place).status == 0
    assert gongkai("tenant", "list", "--json", **place).json == {"tenants": []}


def test_a_database_out_of_reach_is_said_plainly(gongkai):
    address = "postgresql://nobody@127.0.0.1:1/none"
    doctor = gongkai("doctor", "--json", GONGKAI_DATABASE_URL=address)
    assert doctor.status == 1
    assert "Traceback" not in doctor.err
    listed = gongkai("tenant", "list", "--json", GONGKAI_DATABASE_URL=address)
    assert listed.status == 1
    assert listed.json["error"]["code"] == "conflict"


@pytest.mark.parametrize(
    "words",
    [["tenant", "import-divisions"], ["tenant", "list", "--level", "planet"], ["nothing"]],
)
def test_wrong_usage_ends_in_two(gongkai, words):
    assert gongkai(*words).status == 2


def test_what_cannot_be_done_ends_in_one_with_an_error(gongkai, tmp_path):
    ran = gongkai(
        "tenant", "import-divisions", str(tmp_path / "none.csv"), "--root", "99", "--json"
    )
    assert ran.status == 1
    assert set(ran.json["error"]) >= {"code", "message", "where"}


def test_accounts_and_roles(gongkai, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("code,name,level,parent_code\n990111,甲县,county,9901\n", encoding="utf-8")
    assert gongkai("tenant", "import-divisions", str(table), "--root", "990111").status == 0
    added = gongkai("user", "add", "li", "--name", "李明", "--password", "long enough", "--json")
    assert added.json == {"username": "li", "name": "李明"}
    again = gongkai("user", "add", "li", "--name", "李明", "--password", "long enough", "--json")
    assert (again.status, again.json["error"]["code"]) == (1, "conflict")
    short = gongkai("user", "add", "wang", "--name", "王", "--password", "short", "--json")
    assert short.json["error"]["fields"]["password"]
    words = ("user", "role", "li", "officer", "--tenant", "990111", "--json")
    assert [gongkai(*words).json["given"] for _ in range(2)] == [True, False]
    assert gongkai("user", "role", "li", "king", "--tenant", "990111").status == 2
    assert gongkai("user", "role", "li", "clerk", "--tenant", "1", "--json").status == 1
