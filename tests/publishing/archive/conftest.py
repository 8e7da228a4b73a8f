"""A text that is public with a number which the county's office kept as its own then."""

import pytest

from core.db.scope import Scope, open_session
from core.permissions import OPERATOR
from core.publishing.guard.settings.choices import PrivacyChoice, save_choice

DUTY = "13800138000"


@pytest.fixture
def set_kept(tree):
    """Set the numbers that the county keeps: a mobile of the office on duty."""

    def save(*numbers):
        with open_session(Scope.platform("test")) as session:
            save_choice(session, OPERATOR, tree.county, PrivacyChoice(keep=numbers))

    return save


@pytest.fixture
def duty():
    return DUTY


@pytest.fixture
def public(make_public, village, set_kept):
    """Published with a number that was the office's own then."""

    def publish(**more):
        made = make_public(village, **{"body_source": f"值班电话{DUTY}。"} | more)
        village.commit()
        return made

    set_kept(DUTY)
    return publish
