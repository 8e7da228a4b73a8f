"""Words of the plugin, in the reader's language."""

from core.sdk import FeatureText

text = FeatureText("feeds", __name__)
_, _l = text.gettext, text.lazy_gettext
