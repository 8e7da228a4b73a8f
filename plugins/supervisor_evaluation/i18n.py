"""The plugin's words in the reader's language."""

from core.sdk import FeatureText

text = FeatureText("supervisor_evaluation", __name__)
_, _l, _n = text.gettext, text.lazy_gettext, text.ngettext
