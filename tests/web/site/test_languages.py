"""Texts that are built once for each language are those of whoever reads."""

from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from core.catalog.labels import format_value
from core.web.reading.once_per_language import once_per_language
from core.web.reading.preferences import present_locale


def test_texts_are_built_once_for_each_language(app):
    built = []

    @once_per_language
    def read() -> str:
        built.append(str(get_locale()))
        return _("Home")

    for _turn in range(2):
        for language, text in (("zh_Hans_CN", "首页"), ("en", "Home")):
            with app.test_request_context(), force_locale(language):
                assert read() == text
                assert present_locale() is get_locale()
    assert built == ["zh_Hans_CN", "en"]


def test_values_of_the_catalog_follow_the_reader(app):
    everyone = {"kind": "everyone", "text": None}
    farmers = {"kind": "group", "text": "农户"}
    for language, words in (
        ("zh_Hans_CN", ("全社会", "特定群体\uff1a农户", "主动公开")),
        ("en", ("The whole society", "Particular groups: 农户", "Proactive")),
    ):
        with app.test_request_context(), force_locale(language):
            values = (("audience", everyone), ("audience", farmers), ("mode", "proactive"))
            assert tuple(format_value(*each) for each in values) == words
            assert format_value("levels", []) is None
            assert format_value("channels", ["公示栏"]) == ["公示栏"]
