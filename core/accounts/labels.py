"""Names of roles for people."""

from flask_babel import lazy_gettext as _l

from core.permissions import Role

ROLE_LABELS = {
    Role.OFFICER: _l("Open-affairs office"),
    Role.LIAISON: _l("Liaison"),
    Role.REVIEWER: _l("Reviewer"),
    Role.CLERK: _l("Village clerk"),
}
