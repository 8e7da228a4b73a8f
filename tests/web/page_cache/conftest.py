"""An application that keeps pages, and what its front says about itself."""

import pytest

from core.web.page_cache.verdict import page_cache


@pytest.fixture
def settings(settings):
    return settings.changed(page_cache="on")


@pytest.fixture
def is_kept(client, app):
    """Whether the second answer to an address came out of memory; both must be the same."""

    def ask(address: str, **headers: str) -> bool:
        first = client.get(address, headers=headers)
        hits = page_cache().statistics["hits"]
        second = client.get(address, headers=headers)
        assert second.data == first.data
        return page_cache().statistics["hits"] > hits

    return ask
