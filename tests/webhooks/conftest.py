"""A place whose changes are told to a receiver on this machine."""

import pytest

from core.db.scope import Scope, open_session
from core.testing.webhooks import SECRET, TOPIC, receiving
from core.webhooks.endpoints import WebhookTarget, set_webhook_endpoints


@pytest.fixture
def loopback_allowed(app):
    app.extensions["gongkai"].webhook_internal_hosts = "127.0.0.1"


@pytest.fixture
def receiver(loopback_allowed):
    with receiving() as made:
        yield made


@pytest.fixture
def own(tree):
    with open_session(Scope.own(tree.county)) as session:
        yield session


@pytest.fixture
def county(own, tree, receiver):
    """A county with one endpoint."""
    set_webhook_endpoints(own, tree.county, TOPIC, [WebhookTarget(receiver.url, SECRET)])
    own.commit()
    return tree.county
