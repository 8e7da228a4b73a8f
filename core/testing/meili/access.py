"""Refusals, API keys and tenant tokens of the fake server, as the real one has them."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from fnmatch import fnmatch
from typing import Any
from uuid import uuid4

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal with the HTTP status and the JSON body of the server.

    `kind` is the server's `type` of the error: `invalid_request`, `auth`, `internal` or `system`.
    Adapters decide by it whether a retry helps.
    """

    def __init__(self, status: int, code: str, message: str, kind: str = "invalid_request") -> None:
        super().__init__(message)
        self.status = status
        self.body = {"message": message, "code": code, "type": kind, "link": ""}


class Access:
    """The keys of one server; the master key may do everything."""

    def __init__(self, master_key: str) -> None:
        self._master_key = master_key
        self._keys: dict[str, Json] = {}

    def create(self, wanted: Json) -> Json:
        """Create a key; its value follows from the master key and its uid, as with the server."""
        uid = wanted.get("uid") or str(uuid4())
        value = hmac.new(self._master_key.encode(), uid.encode(), hashlib.sha256).hexdigest()
        self._keys[value] = {
            "description": None, "expiresAt": None, **wanted, "uid": uid, "key": value,
            "createdAt": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        return self._keys[value]

    def find(self, name: str) -> Json:
        """Return the key of a uid or value; raises `ApiError`."""
        for key in self._keys.values():
            if name in {key["uid"], key["key"]}:
                return key
        raise ApiError(404, "api_key_not_found", f"API key `{name}` not found.")

    def authorise(self, credential: str, action: str, indexes: Sequence[str]) -> Json:
        """Return the search rules of a credential, by index; raises `ApiError`."""
        if credential == self._master_key:
            return {}
        rules: Json = {}
        key = self._keys.get(credential)
        if key is None:
            key, rules = self._of_token(credential)
        if action not in key["actions"] or not all(
            any(fnmatch(index, pattern) for pattern in key["indexes"]) for index in indexes
        ):
            raise _refusal()
        return rules

    def _of_token(self, credential: str) -> tuple[Json, Json]:
        """Return the key that signed a tenant token (a JWT), and the token's search rules."""
        try:
            head, payload, signature = credential.split(".")
            token = json.loads(_decode(payload))
        except ValueError as error:
            raise _refusal() from error
        for key in self._keys.values():
            made = hmac.new(key["key"].encode(), f"{head}.{payload}".encode(), hashlib.sha256)
            signed = hmac.compare_digest(made.digest(), _decode(signature))
            if key["uid"] == token["apiKeyUid"] and signed and token["exp"] > time.time():
                return {**key, "actions": ["search"]}, token["searchRules"]
        raise _refusal()


def _refusal() -> ApiError:
    return ApiError(403, "invalid_api_key", "The provided API key is invalid.", "auth")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
