"""Publications in, and found again, by the commands alone."""

import json

COUNTY, TOWN, SISTER = "999901", "999901100", "999901101"
VILLAGE, NEIGHBOUR = "999901100001", "999901100002"


def hits(place, query, tenant, *words):
    answer = place.answer("search", "--tenant", tenant, *words, "--", query)
    return [hit["source_id"] for hit in answer["hits"]]


def test_the_judged_queries_find_what_they_should(installed, shared_data):
    text = (shared_data / "docs" / "queries.json").read_text(encoding="utf-8")
    judged = {one["q"]: one["primary"] for one in json.loads(text)["queries"]}
    for query in ("低保怎么申请", "宅基地", "14号文", "路灯"):
        assert set(judged[query]) & set(hits(installed, query, COUNTY)[:3]), query


def test_the_index_holds_what_the_database_holds(installed):
    drift = installed.answer("search", "verify")
    assert (drift["missing"], drift["stale"], drift["extra"]) == (0, 0, 0)


def test_a_batch_goes_where_its_lines_say(county):
    word = "樱桃园"
    lines = [
        {"id": "here", "title": f"{word}一", "body": "正文"},
        {"id": "below", "title": f"{word}二", "body": "正文", "tenant": VILLAGE},
        {"id": "above", "title": "三", "body": "正文", "tenant": COUNTY},
        {"id": "beside", "title": "四", "body": "正文", "tenant": SISTER},
        {"id": "untitled", "body": "正文"},
        [],
    ]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    path = county.write("batch.jsonl", text + "\n" + "[" * 100_000)
    words = ("publication", "import", path, "--tenant", TOWN)
    first = county.answer(*words, status=1)
    assert (first["created"], [one["line"] for one in first["rejected"]]) == (2, [3, 4, 5, 6, 7])
    reasons = [one["reason"] for one in first["rejected"]]
    assert "Missing data" not in reasons[2]
    assert "recursion" not in reasons[4]
    county.answer("search", "drain")
    assert hits(county, word, COUNTY) == []  # drafts
    assert county.answer(*words, "--approve", status=1)["updated"] == 2
    changed = county.write("batch.jsonl", text.replace("二", "二改"))
    again = county.answer(*words[:2], changed, *words[3:], "--approve", status=1)
    assert (again["updated"], again["unchanged"]) == (1, 1)
    county.answer("search", "drain")
    assert set(hits(county, word, COUNTY)) == {"here", "below"}
    assert hits(county, word, VILLAGE) == ["below", "here"]
    assert hits(county, word, NEIGHBOUR) == ["here"]
    assert hits(county, word, SISTER) == []
    assert set(hits(county, word, SISTER, "--scope", "county")) == {"here", "below"}


def test_words_of_the_command_can_be_searched(installed):
    answer = installed.answer("search", "--tenant", COUNTY, "--", "rebuild")
    assert answer["hits"] == []
    assert installed.run("search", "低保").status == 2
