"""The publications of the demonstration county fit its tree, its catalog and its period."""

import json
import re
from collections import Counter
from datetime import date, datetime

import pytest

from core.tenancy.packs import find_pack, read_pack

FIRST, LAST = date(2024, 12, 1), date(2026, 11, 30)
# What a reader would take for personal data: identity numbers, mobile phones, bank cards.
PERSONAL = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9}|62\d{14,17})(?!\d)")


@pytest.fixture(scope="module")
def pack():
    return read_pack(find_pack("demo-county"))


@pytest.fixture(scope="module")
def lines(pack):
    return [json.loads(line) for line in pack.publications.read_text("utf-8").splitlines()]


def text_of(line):
    rows = line.get("list", {"rows": []})["rows"]
    cells = " ".join(cell for row in rows for cell in row)
    return re.sub(r"<[^>]+>", " ", f"{line['body']} {cells}")


def published_on(line):
    return datetime.fromisoformat(line["publish_date"]).date()


def test_there_are_enough_at_every_level(lines):
    levels = Counter(len(line["tenant"]) for line in lines)
    assert levels[6] >= 80
    assert levels[9] >= 25
    assert levels[12] >= 30
    assert len({line["genre"] for line in lines}) >= 12


def test_ids_and_index_numbers_are_given_once(lines):
    for key in ("id", "index_no"):
        assert max(Counter(line[key] for line in lines).values()) == 1


def test_places_items_and_policies_exist(pack, lines):
    places = {row.code for row in pack.divisions}
    items = {item.item_id for item in (*read_pack(find_pack("_national")).items, *pack.items)}
    ids = {line["id"] for line in lines}
    for line in lines:
        assert line["tenant"] in places, line["id"]
        assert line.get("item_id") is None or line["item_id"] in items, line["id"]
        assert line.get("interprets") is None or line["interprets"] in ids, line["id"]


def test_what_serves_an_item_stands_in_its_domain_and_level(pack, lines):
    items = {item.item_id: item for item in (*read_pack(find_pack("_national")).items, *pack.items)}
    levels = {6: "county", 9: "township", 12: "village"}
    for line in lines:
        if item_id := line.get("item_id"):
            assert levels[len(line["tenant"])] in items[item_id].fields["levels"], line["id"]


def test_most_publications_serve_an_item(lines):
    assert sum("item_id" not in line for line in lines) <= 12


def test_dates_lie_in_the_two_years(lines):
    for line in lines:
        published = published_on(line)
        assert FIRST <= published <= LAST
        assert date.fromisoformat(line["written_date"]) <= published


def test_an_interpretation_follows_its_policy_within_three_days(lines):
    policies = {line["id"]: line for line in lines}
    pairs = [(line, policies[line["interprets"]]) for line in lines if "interprets" in line]
    assert len(pairs) >= 8
    for line, policy in pairs:
        gap = published_on(line) - published_on(policy)
        assert 0 <= gap.days <= 3, line["id"]


def test_texts_are_substantial_and_hold_no_personal_data(lines):
    for line in lines:
        text = text_of(line)
        assert len(text.strip()) >= 150, line["id"]
        assert not PERSONAL.search(text), line["id"]


def test_publishers_are_organs_of_their_place(pack, lines):
    named = {(organ.tenant, organ.name) for organ in pack.organs}
    kinds = {row.code: (row.kind, row.name) for row in pack.divisions}
    for line in lines:
        kind, name = kinds[line["tenant"]]
        standing = {o.name.replace("{name}", name) for o in pack.standing_organs if kind in o.kinds}
        assert (line["tenant"], line["publisher"]) in named or line["publisher"] in standing, line


def test_attached_files_are_there(pack, lines):
    paths = [file["path"] for line in lines for file in line.get("attachments", ())]
    assert paths
    assert all((pack.folder / path).is_file() for path in paths)


def test_linked_items_exist(pack):
    items = {item.item_id for item in (*read_pack(find_pack("_national")).items, *pack.items)}
    for link in pack.links:
        assert {link.village_item, link.government_item} <= items


def test_the_schema_knows_every_key(pack, lines):
    path = pack.folder.parent / "schema" / "publication.json"
    known = set(json.loads(path.read_text("utf-8"))["properties"])
    assert {key for line in lines for key in line} <= known
