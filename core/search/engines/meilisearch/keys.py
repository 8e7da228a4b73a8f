"""API keys with least privilege, and tenant tokens for partners' sites.

They are made with the master key, which only the operator has: workers get the indexer's key, web
servers one that can only search. A token is signed with the latter and expires after an hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from core.search.engines.meilisearch.filters import All, allowed
from core.search.scope import SearchScope

if TYPE_CHECKING:
    from meilisearch import Client

LONGEST = timedelta(hours=1)
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "indexer": (
        "search", "documents.add", "documents.get", "documents.delete", "indexes.create",
        "indexes.get", "indexes.update", "indexes.delete", "indexes.swap", "settings.get",
        "settings.update", "tasks.get", "stats.get",
    ),
    "search": ("search",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MeiliKey:
    """An API key and its uid, which tokens name."""

    uid: str
    value: str


def make_keys(url: str, master_key: str, index: str) -> dict[str, MeiliKey]:
    """Return the keys of an index by role; create missing ones."""
    from meilisearch import Client

    client = Client(url, master_key, timeout=10)
    return {role: _make_key(client, role, index) for role in ACTIONS}


def _make_key(client: "Client", role: str, index: str) -> MeiliKey:
    from meilisearch.errors import MeilisearchApiError

    uid = str(UUID(bytes=sha256(f"gongkai {role} {index}".encode()).digest()[:16], version=4))
    try:
        key = client.get_key(uid)
    except MeilisearchApiError as error:
        if error.code != "api_key_not_found":
            raise
        key = client.create_key(
            {
                "uid": uid,
                "name": f"{index} {role}",
                "actions": list(ACTIONS[role]),
                "indexes": [f"{index}*"],
                "expiresAt": None,
            }
        )
    return MeiliKey(uid, key.key)


def partner_token(url: str, key: MeiliKey, index: str, scope: SearchScope, now: datetime) -> str:
    """Sign a tenant token with the scope of a tenant's page as filter, valid for an hour."""
    from meilisearch import Client

    rules = {index: {"filter": str(All(tuple(allowed(scope, now))))}}
    return str(
        Client(url, key.value).generate_tenant_token(key.uid, rules, expires_at=now + LONGEST)
    )
