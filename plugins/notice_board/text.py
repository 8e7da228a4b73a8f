"""Words of the plugin, in the reader's language."""

from core.sdk import FeatureText

text = FeatureText("notice_board", __name__)
_, _l = text.gettext, text.lazy_gettext
