"""Private links: whoever has the address is let in without an account, until it is withdrawn.

A link holds 192 random bits and is shown once, on a screen or on paper; what a row keeps is a keyed
hash of it. Wrong links are counted by network address, those that fit never.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.errors import NotFound
from core.redaction import keyed_digest
from core.validity.answers import refuse_keeping
from core.web import rate_limit
from core.web.context import Context

TOKEN_BYTES, LONGEST_TOKEN = 24, 64
# Wrong links from one network address within ten minutes; a whole office may share one.
WRONG, WINDOW = 20, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PrivateLinks:
    """The links to rows of a model, whose `column` keeps the hash; `purpose` is the hash's own."""

    purpose: str
    column: Any

    def make(self, row: object) -> str:
        """Give a row a new link in the place of an earlier one; return its secret."""
        secret = secrets.token_urlsafe(TOKEN_BYTES)
        setattr(row, self.column.key, self.digest(secret))
        return secret

    def digest(self, secret: str) -> str:
        """Return what is kept of a link."""
        return keyed_digest(self.purpose, secret)

    def withdraw(self, row: object) -> None:
        """Let the link lead nowhere from now on."""
        setattr(row, self.column.key, None)

    def find(
        self, session: Session, tenant: Tenant, secret: str, *conditions: ColumnElement[bool]
    ) -> Any | None:
        """Find the row of a place that a link opens, by further conditions."""
        if not 0 < len(secret) <= LONGEST_TOKEN:
            return None
        model = self.column.class_
        query = select(model).where(
            model.tenant_id == tenant.id, self.column == self.digest(secret), *conditions
        )
        return session.scalar(query)

    def load(self, ctx: Context, secret: str, *conditions: ColumnElement[bool]) -> Any:
        """Load the row for a page, which no cache keeps; raises `NotFound`, also after many tries.

        Somebody who tries links learns nothing from the answer.
        """
        refuse_keeping("a private link")
        key = f"{self.purpose}:{ctx.tenant.id}:{request.remote_addr or ''}"
        if rate_limit.is_exceeded(key, WRONG):
            raise NotFound
        row = self.find(ctx.session, ctx.tenant, secret, *conditions)
        if row is None:
            rate_limit.hit(key, WRONG, WINDOW)
            raise NotFound
        return row
