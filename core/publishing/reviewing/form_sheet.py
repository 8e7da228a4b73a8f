"""The form that people without an account sign on paper: printed, signed, scanned (审核单)."""

from flask_babel import gettext as _

from core.clock import today
from core.publishing.content import Content
from core.publishing.models import Publication
from core.publishing.records.shown import ShownRecords
from core.publishing.rules import WORKING_DAYS
from core.publishing.workflow.review_steps import ReviewStep
from core.web.files.pdf import PdfSheet

# The words of the supervision committee (practice), and those of a leader.
_COMMITTEE = "经审核,内容真实、程序合规,同意公开。"
_LEADER = "经审核,同意公开。"
_FIELDS = (("审核意见:", ""), ("签字:", ""), ("日期:", "    年    月    日"), ("(盖章)", ""))


def _say_period(content: Content) -> str:
    unit = "个工作日" if content.publicity_day_kind == WORKING_DAYS else "天"
    return f"{content.publicity_days}{unit}" if content.publicity_days else ""


def print_form(  # noqa: PLR0913 - what stands on the form
    publication: Publication,
    content: Content,
    step: ReviewStep,
    *,
    records: ShownRecords,
    organ: str,
    item: str,
    url: str,
) -> bytes:
    """Return the form of a step as PDF; its code leads back to the publication."""
    sheet = PdfSheet()
    name = step.name or _("Review")
    sheet.paragraph(18, f"{publication.tenant.name}信息公开审核单", centred=True)
    sheet.paragraph(13, f"({name})", centred=True)
    sheet.paragraph(8, " ")
    facts = (
        ("标题", content.title),
        ("发布机构", organ),
        ("公开事项", item or content.no_item_reason or ""),
        ("体裁", content.genre),
        ("成文日期", content.formed_on.isoformat() if content.formed_on else ""),
        ("公示期", _say_period(content)),
        ("经办人", publication.author_name),
        ("保密审查", records.secrecy),
        ("公开属性", records.decision),
        ("稿件版本", f"第{publication.revision}版,{today().isoformat()}打印"),
    )
    for label, value in facts:
        if value:
            sheet.paragraph(11, f"{label}:{value}")
    sheet.paragraph(8, " ")
    words = _COMMITTEE if step.is_committee else _LEADER
    for label, blank in _FIELDS:
        sheet.paragraph(12, f"{label}{words if label.startswith('审核') else blank}")
        sheet.paragraph(10, " ")
    sheet.qr_code(sheet.width - sheet.margin - 90, sheet.margin + 90, 90, url)
    return sheet.to_pdf()
