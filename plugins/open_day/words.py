"""The plugin's words in the reader's language."""

from flask_babel import gettext, lazy_gettext, ngettext

_, _l, _n = gettext, lazy_gettext, ngettext
