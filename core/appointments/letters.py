"""The letter of appointment and the certificate, as PDF; the letter bears the private link."""

from flask_babel import gettext as _

from core.appointments.models import AppointedPerson
from core.appointments.register import AppointmentRegister
from core.db.tree import Tenant
from core.web.files.pdf import PdfSheet, measure_text
from core.web.urls import tenant_url

_TITLE, _TEXT, _SMALL, _QR = 34, 15, 9, 96


def build_letter(
    register: AppointmentRegister, tenant: Tenant, person: AppointedPerson, secret: str
) -> bytes:
    """Build the letter of appointment, with the QR code of the private link."""
    sheet = _begin(register, tenant, person, _("Letter of appointment"))
    address = tenant_url(register.desk, tenant, secret=secret, _external=True)
    sheet.y -= 30 * sheet.scale
    top = sheet.y
    sheet.qr_code(sheet.margin, top, _QR, address)
    sheet.y = top - _QR * sheet.scale - 6 * sheet.scale
    hint = _("Scan to open your own page. The address is a key: show it to nobody.")
    sheet.paragraph(_SMALL, hint)
    sheet.paragraph(_SMALL, address)
    return sheet.to_pdf()


def build_certificate(
    register: AppointmentRegister, tenant: Tenant, person: AppointedPerson
) -> bytes:
    """Build the certificate, which can be shown to everybody."""
    return _begin(register, tenant, person, _("Certificate of appointment")).to_pdf()


def _begin(
    register: AppointmentRegister, tenant: Tenant, person: AppointedPerson, title: str
) -> PdfSheet:
    sheet = PdfSheet()
    sheet.y -= 60 * sheet.scale
    sheet.paragraph(_TITLE, title, centred=True)
    number = _("No. %(number)s", number=person.letter_number or "")
    sheet.paragraph(_SMALL, number, centred=True)
    sheet.y -= 40 * sheet.scale
    sheet.paragraph(_TEXT, _("%(name)s (%(unit)s):", name=person.name, unit=person.unit))
    facts = {
        "kind": str(register.kinds[person.kind]), "place": tenant.name,
        "from": str(person.appointed_on), "until": str(person.term_ends_on),
    }  # fmt: skip
    sheet.paragraph(_TEXT, str(register.letter) % facts)
    if person.areas:
        sheet.paragraph(_TEXT, _("Areas: %(areas)s", areas="、".join(person.areas)))
    sheet.y -= 30 * sheet.scale
    issuer = register.get_settings(tenant)["issuer"] or tenant.name
    for words in (issuer, str(person.appointed_on)):
        size = _TEXT * sheet.scale
        sheet.y -= size * 1.6
        left = sheet.width - sheet.margin - measure_text(words, size)
        sheet.text(left, sheet.y, _TEXT, words)
    return sheet
