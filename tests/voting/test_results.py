"""What came of a vote: the same figures everywhere, and below the minimum nothing anywhere."""

import csv
import json
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from core.clock import now, today
from core.testing.pages import url_for
from core.voting.models import KeyedSheet, PaperRecord, VoteRemark
from tests.voting.votes import DESK, PUBLIC, add_web_ballots, make_vote

#: What must never be seen of the second, of which too few have judged one aspect on the web.
RARE = 2


@pytest.fixture
def vote(own, tree, county):
    """A vote whose time is over, with voices from the meeting and the web."""
    past = now() - timedelta(hours=1)
    made = make_vote(own, tree.county, state="counting", closes_at=past)
    works, leisure = made.subjects
    add_web_ballots(own, works, 6)
    add_web_ballots(own, works, 4, a0="no", a1="abstain")
    add_web_ballots(own, leisure, RARE)
    record = PaperRecord(
        tenant_id=made.tenant_id, channel="meeting", day=today(), place="村部", issued=5,
        collected=5, void=1, closed_at=now(),
    )  # fmt: skip
    made.records.append(record)
    own.flush()
    for number, row in enumerate(["11", "11", "12", "21", ""], start=1):
        for turn in ("first", "second"):
            rows = {str(works.id): row, str(leisure.id): "33"} if row else {}
            own.add(KeyedSheet(
                tenant_id=made.tenant_id, record_id=record.id, number=number, turn=turn, rows=rows,
                is_void=not row, keyed_by=turn,
            ))  # fmt: skip
    for words, state in (("窗口态度好，电话13912345678", "shown"), ("骂人的话", "refused")):
        own.add(VoteRemark(
            tenant_id=made.tenant_id, vote_id=made.id, subject_id=works.id, words=words,
            state=state, sent_on=today(),
        ))  # fmt: skip
    own.commit()
    return made


def publish(client, vote, sign_in_as, county):
    """Publish over the page, then be a citizen."""
    sign_in_as("officer", county)
    desk = url_for(f"{DESK}.show", vote.id)
    seen = client.get(desk).text
    client.post(f"{desk}step/", {"step": "publish", "version": str(vote.version)})
    client.sign_out()
    return seen


def fetch(client, vote, ending):
    """A file of the result."""
    if ending == "json":
        return client.get(url_for(f"{PUBLIC}.open_data", vote.id)).data
    return client.get(url_for(f"{PUBLIC}.download", vote.id, ending)).data


def test_nothing_is_shown_before_it_is_published(client, vote):
    assert "同意率为" in client.get(url_for(f"{PUBLIC}.show", vote.id)).text
    client.get(url_for(f"{PUBLIC}.open_data", vote.id), status=404)
    for ending in ("xlsx", "csv"):
        client.get(url_for(f"{PUBLIC}.download", vote.id, ending), status=404)


def test_the_page_shows_rates_channels_aspects_words_and_paper(client, vote, sign_in_as, county):
    publish(client, vote, sign_in_as, county)
    text = client.get(url_for(f"{PUBLIC}.show", vote.id)).text
    # Meeting: a0 three of four, a1 three of four; web: a0 six of ten, a1 six of six.
    for said in ("75.50 %", "75.00 %", "80.00 %", "73.50 %", "77.50 %"):
        assert said in text, said
    assert "村部" in text
    assert "窗口态度好" in text
    assert "13912345678" not in text
    assert "骂人" not in text


def test_the_rates_of_a_group_stand_in_a_picture_beside_the_table(
    client, vote, own, sign_in_as, county
):
    add_web_ballots(own, vote.subjects[0], 10, a0="no", a1="no")
    own.commit()
    publish(client, vote, sign_in_as, county)
    [figure] = client.get(url_for(f"{PUBLIC}.show", vote.id)).select("//figure")
    [bar] = figure.xpath(".//*[local-name()='svg']//*[local-name()='title']")
    assert "同意率" in bar.text
    assert "修路" in figure.text_content()
    assert "棋牌室" not in figure.text_content()


def recompute(rows, weights):
    """The rates of subjects from the counts of the CSV alone: what anybody can do."""
    aspects = {}
    for subject, aspect, channel, good, bad in rows:
        aspects.setdefault(subject, {}).setdefault(aspect, []).append(
            (weights[channel], Fraction(good, good + bad))
        )
    rates = {}
    for subject, cells in aspects.items():
        means = [sum(w * s for w, s in c) / sum(w for w, _ in c) for c in cells.values()]
        mean = sum(means) / len(means) * 100
        exact = Decimal(mean.numerator) / Decimal(mean.denominator)
        rates[subject] = str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return rates


def test_the_rates_are_computed_again_from_the_published_counts(client, vote, sign_in_as, county):
    publish(client, vote, sign_in_as, county)
    table = list(csv.DictReader(StringIO(fetch(client, vote, "csv").decode("utf-8-sig"))))
    rows = [
        (row["评议对象"], row["评议方面"], row["渠道"],
         int(row["同意"]), int(row["不同意"]))
        for row in table
    ]  # fmt: skip
    data = json.loads(fetch(client, vote, "json"))
    published = {one["name"]: one["rate"] for one in data["subjects"] if one["rate"]}
    assert recompute(rows, {"村民会议": 90, "网上表决": 10}) == published == {"修路": "75.50"}


def test_below_the_minimum_nothing_is_shown_anywhere(client, vote, sign_in_as, county):
    desk = publish(client, vote, sign_in_as, county)
    data = json.loads(fetch(client, vote, "json"))
    leisure = next(one for one in data["subjects"] if one["name"] == "棋牌室")
    assert (leisure["rate"], leisure["channels"]) == (None, {})
    assert all(aspect["counts"] == {} for aspect in leisure["aspects"])
    book = load_workbook(BytesIO(fetch(client, vote, "xlsx")))
    cells = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert [row for row in cells if "棋牌室" in row] == [("活动", "棋牌室", "不公布", None, None)]
    assert "棋牌室" not in fetch(client, vote, "csv").decode("utf-8-sig")
    [row] = client.get(url_for(f"{PUBLIC}.show", vote.id)).select("//tr[th//text()='棋牌室']")
    assert "".join(row.text_content().split()) == "棋牌室不公布不公布不公布"
    assert "不公布" in desk


def test_what_comes_in_later_changes_no_export(client, vote, own, sign_in_as, county):
    publish(client, vote, sign_in_as, county)
    before = {ending: fetch(client, vote, ending) for ending in ("json", "csv")}
    add_web_ballots(own, vote.subjects[1], 5)
    own.commit()
    assert {ending: fetch(client, vote, ending) for ending in before} == before


def test_a_record_that_is_not_closed_holds_the_result_back(client, vote, own, sign_in_as, county):
    vote.records[0].closed_at = None
    own.commit()
    sign_in_as("officer", county)
    desk = url_for(f"{DESK}.show", vote.id)
    assert "请先完成纸质票记录的结票" in client.get(desk).text
    client.post(f"{desk}step/", {"step": "publish", "version": str(vote.version)}, status=409)


def test_words_are_let_through_or_kept_off(client, vote, own, sign_in_as, county):
    sign_in_as("officer", county)
    remarks = url_for(f"{DESK}.remarks", vote.id)
    subject = str(vote.subjects[1].id)
    client.post(remarks, {"subject": subject, "words": "纸上写的话"})
    client.post(remarks, {"subject": "0", "words": "x"}, status=422)
    page = client.get(remarks)
    [form] = page.select("//form[.//button[@value='show']]/@action")
    client.post(form, {"act": "show", "version": "waiting"})
    client.post(form, {"act": "refuse", "version": "waiting"}, status=409)
    client.sign_out()
    publish(client, vote, lambda *_: client.sign_in(f"officer-{county.division_code}"), county)
    assert "纸上写的话" in client.get(url_for(f"{PUBLIC}.show", vote.id)).text


def test_what_was_mended_stands_beside_the_result(client, vote, sign_in_as, county):
    publish(client, vote, sign_in_as, county)
    client.sign_in(f"officer-{county.division_code}")
    desk = url_for(f"{DESK}.show", vote.id)
    [version] = client.get(desk).select(
        "//form[contains(@action,'mended')]//@value[../@name='version']"
    )
    sent = {"version": str(version), f"mended-{vote.subjects[0].id}": "增设公开查阅点三处"}
    client.post(f"{desk}mended/", sent)
    client.post(f"{desk}mended/", sent, status=409)
    client.sign_out()
    assert "增设公开查阅点三处" in client.get(url_for(f"{PUBLIC}.show", vote.id)).text
