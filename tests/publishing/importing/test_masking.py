"""What is imported is masked before anything of it is stored, and counted (N30)."""

import pytest
from sqlalchemy import select

from core.publishing.models import Publication, PublicationRevision

pytestmark = pytest.mark.both_databases

ID, PHONE = "11010519491231002X", "13800138000"
LINE = {
    "id": "p1",
    "title": f"关于张三({PHONE})的公示",
    "body": f"户主张三,身份证{ID}。电话0999-5551016",
}


def test_text_title_and_summary_are_masked_and_counted(take, one, platform):
    report = take(LINE | {"summary": f"手机{PHONE}"})
    assert report.masked == 3
    publication = one("p1")
    everything = [publication.title, publication.body_html, publication.summary]
    everything += [str(row.snapshot) for row in platform.scalars(select(PublicationRevision))]
    assert not any(ID in text or PHONE in text for text in everything)
    assert "0999-5551016" in publication.body_html
    assert {"title", "body", "summary"} <= {each.field for each in report.findings}


def test_html_is_masked_across_its_elements(take, one):
    report = take({"id": "p2", "title": "甲", "body_html": "<p>138<b>0013</b>8000</p>"})
    assert report.masked == 1
    assert "138****8000" in one("p2").body_html


def test_the_same_line_again_is_unchanged_and_another_is_masked_again(take, one):
    take(LINE)
    again = take(LINE)
    assert (again.unchanged, again.masked) == (1, 0)
    assert take(LINE | {"body": f"电话{PHONE}"}).masked == 2
    assert PHONE not in one("p1").body_html


def test_what_is_handed_in_without_approval_is_masked_too(take, platform):
    report = take(LINE, approve=False)
    assert (report.created, report.masked) == (1, 2)
    assert ID not in platform.scalars(select(Publication.body_html)).one()
