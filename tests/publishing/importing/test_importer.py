"""Bulk import: repeatable, honest about what it did not take."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core.clock import today
from core.errors import Forbidden
from core.permissions import OPERATOR
from core.publishing.importing.create import store_new
from core.publishing.models import (
    Attachment,
    ImportProgress,
    Interpretation,
    Publication,
    PublicationRevision,
    Review,
)
from core.publishing.rules import PublicationState
from core.publishing.workflow.drafts import (
    discard,
    get_working_content,
    open_correction,
    save_content,
    take_back,
)
from core.tenancy.models import Organ
from core.tenancy.service import get_tenant
from core.testing.factories.publishing import withdraw

pytestmark = pytest.mark.both_databases


LINE = {"id": "a1", "title": "标题", "body": "正文"}


def test_title_and_body_suffice(take, one):
    report = take({"title": "标题", "body": "正文"})
    assert (report.created, report.rejected, report.masked) == (1, [], 0)
    publication = one()
    assert publication.state == PublicationState.PUBLISHED
    assert publication.index_number.startswith("990111/")
    assert publication.organ.name == "甲县人民政府"


def test_the_official_metadata_is_kept(take, one, platform):
    take(
        LINE
        | {
            "publisher": "甲县财政局", "doc_no": "甲财发〔2026〕1号", "genre": "财政信息",
            "index_no": "990111008/2026-00001", "written_date": "2026-02-01", "level": "县级",
            "publish_date": "2026-02-09", "theme": "财政、金融、审计", "status": "已废止",
            "domain": "监督员", "pii": ["x"],
        }
    )  # fmt: skip
    publication = one("a1")
    assert publication.organ.name == "甲县财政局"
    assert publication.index_number == "990111008/2026-00001"
    assert (publication.validity, publication.domain_text) == ("repealed", "监督员")
    assert publication.published_at.isoformat() == "2026-02-08T16:00:00+00:00"
    revision = platform.scalars(select(PublicationRevision)).one()
    assert revision.dates_imported
    review = platform.scalars(select(Review)).one()
    assert (review.reviewer_id, review.reviewer_name) == (None, "operator")


def test_the_same_file_again_changes_nothing(take):
    lines = [LINE, LINE | {"id": "a2"}]
    assert take(*lines).created == 2
    report = take(*lines)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)


def test_the_same_id_updates_what_differs(take, one, platform):
    take(LINE | {"doc_no": "甲发〔2026〕1号"})
    number = one().index_number
    report = take(LINE | {"title": "改后的标题", "publish_date": "2020-01-01"})
    assert (report.created, report.updated) == (0, 1)
    publication = one()
    assert (publication.title, publication.index_number) == ("改后的标题", number)
    assert publication.document_number == "甲发〔2026〕1号"
    assert publication.published_at.year == 2019  # the first moment of the day in China
    assert platform.scalar(select(func.count(PublicationRevision.id))) == 2


def test_an_id_that_stands_twice_is_an_update(take, one):
    report = take(LINE, LINE | {"title": "后一行"})
    assert (report.created, report.updated) == (1, 1)
    assert one().title == "后一行"


def test_without_approval_it_waits_for_review_and_can_be_approved_later(take, one):
    take(LINE, approve=False)
    assert one().state == PublicationState.IN_REVIEW
    assert take(LINE, approve=False).unchanged == 1
    assert take(LINE).updated == 1
    assert one().state == PublicationState.PUBLISHED


def test_lines_go_to_the_tenant_that_they_name(take, platform, tree):
    report = take(
        LINE | {"tenant": tree.village.division_code},
        LINE | {"tenant": tree.town.division_code},
        LINE,
    )
    assert report.created == 3
    owners = set(platform.scalars(select(Publication.tenant_id)))
    assert owners == {tree.village.id, tree.town.id, tree.county.id}


def test_other_tenants_lines_are_rejected_and_the_rest_goes_in(take, tree):
    report = take(
        LINE | {"tenant": tree.other_county.division_code},
        LINE | {"tenant": "123"},
        LINE | {"tenant": tree.county.division_code},
        LINE,
        root=tree.town,
    )
    assert report.created == 1
    assert [rejection.line for rejection in report.rejected] == [1, 2, 3]


BAD = [
    "not json",
    "[]",
    "3",
    '{"title": "x"}',
    '{"title": "  ", "body": "x"}',
    '{"title": "x", "body": "x", "publish_date": "2026-02-31"}',
    '{"title": "x", "body": "x", "status": "也许"}',
    '{"title": ["x"], "body": "x"}',
    '{"title": "x", "body": {"a": 1}}',
    '{"title": "\\ud800", "body": "x"}',
    json.dumps({"title": "长" * 301, "body": "x"}),
    '{"title": "x", "body": "x", "item_id": "CN-none"}',
    '{"title": "x", "body": "x", "interprets": 1.5}',
    '{"title": "x", "body": "x", "publicity_days": 0}',
    "[" * 100_000,
]


@pytest.mark.parametrize("line", BAD, ids=range(len(BAD)))
def test_bad_lines_are_rejected_with_a_reason(take, line):
    report = take(line, LINE)
    assert report.created == 1
    assert [rejection.line for rejection in report.rejected] == [1]
    assert report.rejected[0].reason


def test_blank_lines_null_and_invisible_characters_are_borne(take, one):
    report = take("", LINE | {"title": "标\u0000题\n", "doc_no": None, "index_no": ""}, "   ")
    assert (report.created, report.rejected) == (1, [])
    assert one().title == "标题"


def test_an_index_number_is_taken_once(take, tree):
    numbered = {"title": "x", "body": "x", "index_no": "990111/2026-00001"}
    report = take(numbered, numbered, numbered | {"tenant": tree.village.division_code})
    assert (report.created, [r.line for r in report.rejected]) == (2, [2])
    assert take(numbered).rejected[0].line == 1


def test_given_numbers_pass_over_imported_ones(take, platform):
    year = today().year
    take({"title": "x", "body": "x", "index_no": f"990111/{year}-00002"})
    take(*({"title": f"y{n}", "body": "x"} for n in range(3)))
    numbers = sorted(platform.scalars(select(Publication.index_number)))
    assert numbers == [f"990111/{year}-0000{n}" for n in (1, 2, 3, 4)]


def test_an_interpretation_finds_its_policy_wherever_it_stands(take, platform):
    report = take(
        LINE | {"id": "i", "interprets": "p"},
        LINE | {"id": "p"},
        LINE | {"id": "j", "interprets": ["nowhere"]},
    )
    assert platform.scalar(select(func.count(Interpretation.id))) == 1
    assert [finding.field for finding in report.findings if finding.severity == "warning"] == [
        "interprets"
    ]


def test_files_beside_the_import_come_along(take, one, platform, tmp_path):
    (tmp_path / "说明.txt").write_text("说明", encoding="utf-8")
    report = take(
        LINE | {"attachments": [{"path": "说明.txt"}]},
        LINE | {"id": "b", "attachments": [{"path": "../../etc/passwd"}]},
        folder=tmp_path,
    )
    assert (report.created, [r.line for r in report.rejected]) == (1, [2])
    file = platform.scalars(select(Attachment)).one()
    assert (file.live, file.filename) == (True, "说明.txt")


def test_tables_in_html_stay_tables(take, one):
    take(LINE | {"body_html": "<table><tr><td onclick='x'>1</td></tr></table><script>x</script>"})
    assert "<td>1</td>" in one().body_html
    assert "<script" not in one().body_html


def test_what_was_withdrawn_does_not_come_back(take, one, platform, people, tree):
    take(LINE)
    withdraw(platform, OPERATOR, one(), "误发")
    platform.commit()
    assert take(LINE).unchanged == 1
    assert take(LINE | {"title": "新"}).rejected[0].line == 1
    assert one().state == PublicationState.WITHDRAWN


def test_a_persons_correction_is_not_overrun(take, one, platform, people):
    take(LINE)
    open_correction(platform, people.officer, one())
    platform.commit()
    assert take(LINE | {"title": "新"}).rejected
    discard(platform, people.officer, one())
    platform.commit()
    assert take(LINE | {"title": "新"}).updated == 1


def test_a_draft_that_a_person_went_on_with_is_not_overrun(take, one, platform, people):
    take(LINE, approve=False)
    take_back(platform, people.officer, one())
    content = replace(get_working_content(platform, one()), title="人工改过")
    save_content(platform, people.officer, one(), content)
    platform.commit()
    assert take(LINE | {"title": "新"}, approve=False).rejected
    assert one().title == "人工改过"


def test_a_person_imports_with_their_own_rights_only(take, people, tree, one):
    report = take(
        LINE | {"tenant": tree.village.division_code},
        LINE,
        actor=people.liaison,
        approve=False,
    )
    assert (report.created, [r.line for r in report.rejected]) == (1, [1])
    with pytest.raises(Forbidden):
        take(LINE, actor=people.liaison, approve=True)
    with pytest.raises(Forbidden):
        take(LINE, actor=people.stranger, approve=False)


def test_organs_are_made_once(take, platform):
    take(*({"title": f"{n}", "body": "x", "publisher": "甲县财政局"} for n in range(3)))
    names = Counter(platform.scalars(select(Organ.name)))
    assert names["甲县财政局"] == 1


def test_the_shared_documents(gongkai, shared_data, platform):
    divisions = shared_data / "divisions" / "wangchuan_999901.csv"
    documents = shared_data / "docs" / "docs.jsonl"
    assert gongkai("tenant", "import-divisions", str(divisions), "--root", "999901").status == 0
    command = ("publication", "import", str(documents), "--tenant", "999901", "--json")
    done = gongkai(*command, "--approve")
    assert done.status == 0, done.err
    assert set(done.json) == {
        "created", "updated", "unchanged", "masked", "findings", "rejected",
    }  # fmt: skip
    assert (done.json["created"], done.json["rejected"], done.json["masked"]) == (30, [], 13)
    assert gongkai(*command, "--approve").json["unchanged"] == 30
    village = get_tenant(platform, "999901100200")
    query = select(Publication).where(Publication.tenant_id == village.id)
    found = {row.source_id: row for row in platform.scalars(query)}
    assert set(found) == {"s04", "s05", "s19", "s20"}
    assert found["s05"].body_html.count("<tr>") == 4
    assert found["s04"].index_number == "999901004/2026-00001"
    repealed = platform.scalars(select(Publication).where(Publication.source_id == "s28")).one()
    assert repealed.validity == "repealed"


def test_what_the_command_cannot_do_ends_in_1(gongkai, tree, tmp_path):
    file = tmp_path / "lines.jsonl"
    assert gongkai("publication", "import", str(file), "--tenant", "990111").status == 1
    file.write_text(json.dumps(LINE) + "\nbad\n", encoding="utf-8")
    assert gongkai("publication", "import", str(file), "--tenant", "777777", "--json").status == 1
    done = gongkai("publication", "import", str(file), "--tenant", "990111", "--json")
    assert (done.status, done.json["created"]) == (1, 1)
    assert done.json["rejected"][0]["line"] == 2
    assert gongkai("publication", "import", str(file)).status == 2


class StoppedError(Exception):
    pass


def test_an_interrupted_import_goes_on_when_it_is_run_again(take, platform):
    lines = [{"title": f"无号 {number}", "body": "正文"} for number in range(40)]
    lines[7:7] = [{"title": "说明", "body": "正文", "interprets": ["a1"]}]
    lines += [{**LINE, "id": f"a{number}"} for number in range(40)]
    stored = []

    def stop(done):
        stored.append(done)
        if len(stored) == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        take(*lines, progress=stop)
    titles = select(Publication.title)
    assert len(platform.scalars(titles).all()) == sum(stored) < len(lines)
    report = take(*lines)
    assert (report.created, report.unchanged) == (len(lines) - sum(stored), sum(stored))
    found = Counter(platform.scalars(titles))
    assert {found[f"无号 {number}"] for number in range(40)} == {found["说明"]} == {1}
    assert platform.scalars(select(ImportProgress)).all() == []
    assert take(*lines).created == 41  # a file that was imported to its end has new lines only


def test_a_batch_that_lost_a_conflict_is_done_again_as_a_whole(take, platform, monkeypatch):
    failures = iter([IntegrityError("INSERT", {}, Exception("stored by somebody else"))])

    def fail_once(*arguments, **options):
        made = store_new(*arguments, **options)
        for failure in failures:
            raise failure
        return made

    monkeypatch.setattr("core.publishing.importing.importer.store_new", fail_once)
    report = take(LINE, {"title": "其他", "body": "正文", "publisher": "新的科室"}, "no JSON")
    assert (report.created, len(report.rejected)) == (2, 1)
    assert platform.scalar(select(func.count(Publication.id))) == 2
    assert platform.scalar(select(func.count(Organ.id)).where(Organ.name == "新的科室")) == 1
