"""The one family of errors that services raise and the edges (page, JSON, command) map once."""

from collections.abc import Mapping


class GongkaiError(Exception):
    """Base of every expected failure; `message` is for people, in their language."""

    status = 400
    code = "error"

    def __init__(self, message: str = "", *, where: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where


class NotFound(GongkaiError):  # noqa: N818 - the design names the family so
    """What was asked for does not exist, or not for this tenant (the two look alike)."""

    status = 404
    code = "not_found"


class Forbidden(GongkaiError):  # noqa: N818 - the design names the family so
    """The actor may not do this."""

    status = 403
    code = "forbidden"


class Conflict(GongkaiError):  # noqa: N818 - the design names the family so
    """The state does not allow this now, or somebody else was faster."""

    status = 409
    code = "conflict"


class Overtaken(Conflict):
    """Somebody else has changed it since it was read (optimistic lock)."""


class Invalid(GongkaiError):  # noqa: N818 - the design names the family so
    """Input that is wrong, field by field."""

    status = 422
    code = "invalid"

    def __init__(self, fields: Mapping[str, str] | str, *, where: str | None = None) -> None:
        self.fields: dict[str, str] = dict(fields) if isinstance(fields, Mapping) else {}
        message = fields if isinstance(fields, str) else "; ".join(fields.values())
        super().__init__(message, where=where or next(iter(self.fields), None))
