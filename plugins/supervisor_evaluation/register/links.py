"""The private link of a supervisor: it opens their desk without an account.

It holds 192 random bits and is shown once, printed on the letter; what is kept is a keyed hash.
"""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Conflict, Context, Tenant, keyed_digest

from ..domain.appointments import HOLDING_STATES
from ..i18n import _
from ..manifest import MANAGE, NAME
from ..models.register import EvaluationSupervisor

TOKEN_BYTES, LONGEST_TOKEN = 24, 64
_PURPOSE = f"{NAME}.link"


def make_link(ctx: Context, supervisor: EvaluationSupervisor) -> str:
    """Give a supervisor a new link in the place of an earlier one; return its secret."""
    ctx.require(MANAGE)
    if supervisor.state not in HOLDING_STATES:
        raise Conflict(_("Only somebody who is appointed has a page of their own."))
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    supervisor.link_digest = keyed_digest(_PURPOSE, secret)
    ctx.audit(f"{NAME}.link", str(supervisor.id))
    ctx.session.flush()
    return secret


def withdraw_link(ctx: Context, supervisor: EvaluationSupervisor) -> None:
    """Let the link lead nowhere from now on."""
    ctx.require(MANAGE)
    supervisor.link_digest = None
    ctx.audit(f"{NAME}.link_withdrawn", str(supervisor.id))


def find_by_link(session: Session, tenant: Tenant, secret: str) -> EvaluationSupervisor | None:
    """Find the supervisor of a place whose desk a link opens."""
    if not 0 < len(secret) <= LONGEST_TOKEN:
        return None
    query = select(EvaluationSupervisor).where(
        EvaluationSupervisor.tenant_id == tenant.id,
        EvaluationSupervisor.link_digest == keyed_digest(_PURPOSE, secret),
        EvaluationSupervisor.state.in_(HOLDING_STATES),
    )
    return session.scalar(query)
