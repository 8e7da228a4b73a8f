"""Say in words what of a text is uncertain or left out: tables, pictures, links."""

from typing import TYPE_CHECKING

from flask_babel import get_locale
from flask_babel import gettext as _

from core.publishing.body.references import Reference

if TYPE_CHECKING:
    from core.tables.pasted.model import PastedRemark


def describe_reference(reference: Reference) -> str:
    """Say what happens to a picture or a link that cannot be followed."""
    shown = reference.shown
    if reference.is_picture:
        return str(_("The picture %(name)s is not at hand; it is left out.", name=shown))
    return str(_("The link %(name)s leads nowhere from here; its words stay.", name=shown))


def describe_remark(remark: "PastedRemark") -> str:
    """Say what is uncertain about lines of a text that look like a table."""
    from core.tables.messages import format_message  # of the reader of tables, which is large

    chinese = str(get_locale() or "zh").startswith("zh")
    said = format_message(remark.code, {}, "zh" if chinese else "en")
    if remark.last > remark.number:
        words = _("Lines %(n)s to %(m)s: %(what)s", n=remark.number, m=remark.last, what=said)
    else:
        words = _("Line %(n)s: %(what)s", n=remark.number, what=said)
    return str(words)
