"""Keyed hashes: stable, apart by purpose and by installation."""

from core.redaction import keyed_digest


def test_a_value_is_found_again_and_cannot_be_compared_across_purposes(app):
    digest = keyed_digest("open_day.phone", "13800138000")
    assert digest == keyed_digest("open_day.phone", "13800138000")
    assert len(digest) == 64
    assert digest != keyed_digest("open_day.phone", "13800138001")
    assert digest != keyed_digest("open_day.link", "13800138000")


def test_another_installation_has_other_digests(app):
    digest = keyed_digest("phone", "13800138000")
    assert digest == keyed_digest("phone", "13800138000", secret=app.secret_key)
    app.secret_key = "another"
    assert digest != keyed_digest("phone", "13800138000")
