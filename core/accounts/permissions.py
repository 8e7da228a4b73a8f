"""The old address of `core.permissions`."""

from core.permissions import (
    GRANTS,
    NOBODY,
    OPERATOR,
    REACHES_DOWN,
    Action,
    Actor,
    HasCode,
    HasPath,
    Held,
    Role,
    allowed,
    declare_permission,
    is_known,
    require,
)

__all__ = [
    "GRANTS",
    "NOBODY",
    "OPERATOR",
    "REACHES_DOWN",
    "Action",
    "Actor",
    "HasCode",
    "HasPath",
    "Held",
    "Role",
    "allowed",
    "declare_permission",
    "is_known",
    "require",
]
