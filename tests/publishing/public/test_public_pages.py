"""What everybody sees: the list, the text, files, QR code; and what nobody sees."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from core.clock import today
from core.publishing.content import FileRef
from core.publishing.files.attachments import add_attachment
from core.publishing.files.validation import check_file
from core.publishing.models import Attachment, Publication
from core.publishing.workflow.drafts import get_working_content, save_content, submit
from core.publishing.workflow.publish import set_interpretations
from core.publishing.workflow.review import pass_review
from core.testing.factories.publishing import withdraw
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for
from core.testing.queries import counted


@pytest.fixture
def public(village, make_public):
    publication = make_public(village)
    village.commit()
    return publication


def tags(page) -> dict[str, str]:
    found = {}
    for meta in page.select("//meta[@name]"):
        assert meta.get("name") not in found, "each tag once"
        found[meta.get("name")] = meta.get("content")
    return found


def test_the_page_carries_the_tags_that_the_guideline_wants(client, public):
    found = tags(client.get(url_for("publishing.show", public.id, place=VILLAGE)))
    for name in ("SiteDomain", "ColumnName", "ColumnType", "ArticleTitle", "PubDate"):
        assert found[name]
    assert found["ContentSource"] == "崾岘村委会"
    assert len(found["PubDate"]) == len("2026-01-01 08:00")
    assert tags(client.get(url_for("publishing.index", place=VILLAGE)))["ColumnName"]


def test_the_metadata_stands_above_the_text(client, public):
    page = client.get(url_for("publishing.show", public.id, place=VILLAGE))
    facts = page.select("//dl[contains(@class,'metadata')]//dd")
    values = [" ".join(fact.text_content().split()) for fact in facts]
    assert public.index_number in values
    assert "2026-04-10" in values
    assert "本季收入合计126450元。" in page.text


def test_the_list_has_index_name_summary_and_date_of_formation(client, public):
    cells = client.get(url_for("publishing.index", place=VILLAGE)).select("//tbody/tr/*")
    texts = [" ".join(cell.text_content().split()) for cell in cells]
    assert texts[:4] == [public.title, public.index_number, public.summary, "2026-04-10"]


@pytest.mark.parametrize("state", ["draft", "in_review"])
def test_what_is_not_published_does_not_exist(client, village, make, people, state):
    publication = make(village)
    if state == "in_review":
        submit(village, people.clerk, publication)
    village.commit()
    client.get(url_for("publishing.show", publication.id, place=VILLAGE), status=404)
    client.get(url_for("publishing.qr", publication.id, place=VILLAGE), status=404)
    assert publication.title not in client.get(url_for("publishing.index", place=VILLAGE)).text


@pytest.mark.parametrize("code", ["990111", "990111100", "990111100202", "990112"])
def test_a_publication_has_one_address_its_own_tenants(client, public, code):
    client.get(url_for("publishing.show", public.id, place=code), status=404)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "query",
    ["genre=%00x&year=99999&page=99999999&domain='", "year=abc&page=-1&item=%F0%9F", "page="],
)
def test_nonsense_in_the_address_is_borne(client, public, query):
    client.get(f"{url_for('publishing.index', place=VILLAGE)}?{query}")


def test_the_list_is_narrowed(client, village, make_public):
    make_public(village, title="甲", genre="公示")
    make_public(village, title="乙", genre="通知公告")
    village.commit()
    assert "乙" not in " ".join(titles(client, "genre=公示"))
    assert titles(client, f"year={today().year}") == ["乙", "甲"]
    assert titles(client, "year=1999") == []


def titles(client, query: str) -> list[str]:
    page = client.get(f"{url_for('publishing.index', place=VILLAGE)}?{query}")
    return [link.text for link in page.select("//tbody//th//a")]


def test_a_repealed_document_says_so(client, village, make_public):
    publication = make_public(village, validity="repealed")
    village.commit()
    page = client.get(url_for("publishing.show", publication.id, place=VILLAGE))
    assert page.select("//*[contains(@class,'notice--bad')]")
    assert page.select("//dd[text()='废止' or text()='Repealed']")


def test_when_the_publicity_period_is_over_only_the_frame_stays(
    client, village, make_public, set_clock
):
    publication = make_public(village, publicity_days=5, genre="公示")
    village.commit()
    address = url_for("publishing.show", publication.id, place=VILLAGE)
    assert "126450" in client.get(address).text
    set_clock(publication.publicity_until + timedelta(days=1))
    page = client.get(address)
    assert "126450" not in page.text
    assert publication.publicity_until.isoformat() in page.text
    assert "126450" not in client.get(url_for("publishing.index", place=VILLAGE)).text


def test_policy_and_interpretation_lead_to_each_other(client, platform, make_public, tree, people):
    policy = make_public(platform, tree.county, people.liaison, title="细则", genre="政策文件")
    explained = make_public(
        platform, tree.county, people.liaison, title="一图看懂", genre="政策解读"
    )
    set_interpretations(platform, explained, (policy.id,))
    platform.commit()
    page = client.get(url_for("publishing.show", policy.id))
    assert page.select("//section[@aria-labelledby='explained-by']//a/text()") == ["一图看懂"]
    page = client.get(url_for("publishing.show", explained.id))
    assert page.select("//section[@aria-labelledby='explains']//a/text()") == ["细则"]


def test_the_qr_code_is_a_picture_of_the_address(client, public):
    answer = client.get(url_for("publishing.qr", public.id, place=VILLAGE))
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert b"<svg" in answer.data
    assert b"<script" not in answer.data


@pytest.fixture
def with_files(app, village, make, people, checked):
    """A published text with a photograph and a text file."""
    publication = make(village)
    store = app.extensions["files"]
    buffer = BytesIO()
    Image.new("RGB", (30, 20)).save(buffer, "PNG")
    refs = []
    with app.test_request_context():
        for name, data in (("照片.png", buffer.getvalue()), ("说明.txt", b"a text")):
            kept = check_file(name, data, most_bytes=10**6)
            refs.append(FileRef(add_attachment(village, store, publication, kept).id, "路灯"))
    content = replace(get_working_content(village, publication), files=tuple(refs))
    save_content(village, people.clerk, publication, content)
    submit(village, people.clerk, publication)
    village.commit()

    def publish() -> Publication:
        pass_review(village, people.reviewer, publication, checked)
        village.commit()
        return publication

    return publish


def test_files_are_served_so_that_they_do_no_harm(client, with_files):
    publication = with_files()
    page = client.get(url_for("publishing.show", publication.id, place=VILLAGE))
    picture = client.get(page.select("//figure/img/@src")[0])
    text = client.get(page.select("//ul[@class='attachments']//a/@href")[0])
    for answer in (picture, text):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "immutable" in answer.headers["Cache-Control"]
        assert "public" not in answer.headers["Cache-Control"]
        assert answer.headers["ETag"]
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.headers["Content-Disposition"].startswith("inline")
    assert text.headers["Content-Disposition"].startswith("attachment")
    again = {"If-None-Match": text.headers["ETag"]}
    client.get(page.select("//figure/img/@src")[0], status=200, headers=again)
    client.get(page.select("//ul[@class='attachments']//a/@href")[0], status=304, headers=again)


def test_files_of_a_draft_are_for_the_staff_concerned(client, with_files, sign_in, village):
    file = village.scalars(select(Attachment)).first()
    address = url_for("publishing.file", file.id, file.filename, place=VILLAGE)
    client.get(address, status=404)
    answer = sign_in("reviewer").get(address)
    assert answer.headers["Cache-Control"] == "private, no-store"
    client.sign_out()
    sign_in("stranger").get(address, status=404)
    client.sign_out()
    with_files()
    client.get(address)
    client.get(url_for("publishing.file", file.id, "anders.png", place=VILLAGE), status=404)
    client.get(url_for("publishing.file", file.id, file.filename), status=404)


def test_files_of_what_was_withdrawn_are_gone(client, with_files, village, people):
    publication = with_files()
    file = village.scalars(select(Attachment)).first()
    withdraw(village, people.reviewer, publication, "误发")
    village.commit()
    client.get(url_for("publishing.file", file.id, file.filename, place=VILLAGE), status=410)


def queries_of(client, address: str) -> int:
    return min(_count(client, address), _count(client, address))


def _count(client, address: str) -> int:
    """Count statements; what is held for seconds may be read again meanwhile."""
    with counted() as sent:
        client.get(address)
    return len(sent)


@pytest.mark.both_databases
def test_the_number_of_queries_does_not_grow_with_what_there_is(
    client, village, make_public, with_files
):
    publication = with_files()
    pages = (
        url_for("publishing.index", place=VILLAGE),
        url_for("publishing.show", publication.id, place=VILLAGE),
    )
    for page in pages:
        client.get(page)
    few = [queries_of(client, page) for page in pages]
    for number in range(6):
        make_public(village, title=f"第{number}期", formed_on=date(2026, 1, 1 + number))
    village.commit()
    assert [queries_of(client, page) for page in pages] == few
    assert max(few) <= 16
