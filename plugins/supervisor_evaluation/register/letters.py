"""The letter of appointment and the certificate, as PDF; the letter bears the private link."""

from core.sdk import PdfSheet, Tenant, get_plugin_settings, measure_text, tenant_url

from ..i18n import _
from ..labels import SUPERVISOR_KINDS
from ..manifest import NAME
from ..models.register import EvaluationSupervisor

_TITLE, _TEXT, _SMALL, _QR = 34, 15, 9, 96


def build_letter(tenant: Tenant, supervisor: EvaluationSupervisor, secret: str) -> bytes:
    """Build the letter of appointment, with the QR code of the private link."""
    sheet = _begin(tenant, supervisor, _("Letter of appointment"))
    address = tenant_url(f"plugin_{NAME}_desk.show", tenant, secret=secret, _external=True)
    sheet.y -= 30 * sheet.scale
    top = sheet.y
    sheet.qr_code(sheet.margin, top, _QR, address)
    sheet.y = top - _QR * sheet.scale - 6 * sheet.scale
    sheet.paragraph(
        _SMALL, _("Scan to open your own page. The address is a key: show it to nobody.")
    )
    sheet.paragraph(_SMALL, address)
    return sheet.to_pdf()


def build_certificate(tenant: Tenant, supervisor: EvaluationSupervisor) -> bytes:
    """Build the certificate, which can be shown to everybody."""
    return _begin(tenant, supervisor, _("Certificate of appointment")).to_pdf()


def _begin(tenant: Tenant, supervisor: EvaluationSupervisor, title: str) -> PdfSheet:
    sheet = PdfSheet()
    sheet.y -= 60 * sheet.scale
    sheet.paragraph(_TITLE, title, centred=True)
    sheet.paragraph(
        _SMALL, _("No. %(number)s", number=supervisor.letter_number or ""), centred=True
    )
    sheet.y -= 40 * sheet.scale
    sheet.paragraph(_TEXT, _("%(name)s (%(unit)s):", name=supervisor.name, unit=supervisor.unit))
    sheet.paragraph(_TEXT, _say_appointment(tenant, supervisor))
    if supervisor.areas:
        sheet.paragraph(_TEXT, _("Areas: %(areas)s", areas="、".join(supervisor.areas)))
    sheet.y -= 30 * sheet.scale
    _write_signature(sheet, tenant, supervisor)
    return sheet


def _say_appointment(tenant: Tenant, supervisor: EvaluationSupervisor) -> str:
    return _(
        "You are appointed as %(kind)s for the disclosure of government affairs of %(place)s, "
        "from %(from)s to %(until)s. The appointment is confirmed each year.",
        kind=str(SUPERVISOR_KINDS[supervisor.kind]),
        place=tenant.name,
        until=str(supervisor.term_ends_on),
        **{"from": str(supervisor.appointed_on)},
    )


def _write_signature(sheet: PdfSheet, tenant: Tenant, supervisor: EvaluationSupervisor) -> None:
    issuer = get_plugin_settings(NAME, tenant)["issuer"] or tenant.name
    for words in (issuer, str(supervisor.appointed_on)):
        size = _TEXT * sheet.scale
        sheet.y -= size * 1.6
        left = sheet.width - sheet.margin - measure_text(words, size)
        sheet.text(left, sheet.y, _TEXT, words)
