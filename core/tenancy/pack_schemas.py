"""What the files of a pack may hold; `tenants/schema/` says the same as JSON Schema."""

import re
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, fields, validate

from core.tenancy.domain import KINDS, NATION_CODE, Level

FORMAT = 1
CODE = re.compile(rf"{NATION_CODE}|\d\d(\d\d(\d\d(\d\d\d(\d\d\d)?)?)?)?")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ORGAN_KINDS = (
    "government",
    "department",
    "vertical",
    "enterprise",
    "committee",
    "supervision",
    "collective",
)
ROLES = ("officer", "liaison", "reviewer", "clerk")
OPERATIONS = ("refine", "withdraw", "withdraw_domain", "lock")
DECISIONS = ("on", "off", "pinned", "forbidden", "delegated")
ITEM_LEVELS = ("city", "county", "township", "village")
MODES = ("proactive", "on_request")
LEVELS = tuple(level.value for level in Level)
PLACE_KINDS = tuple(kind for kinds in KINDS.values() for kind in kinds)
MOST_REVIEW_STEPS = 3
SEPARATOR = "|"
EVERYONE = "全社会"
GROUP = "特定群体:"

_COMPLAINTS = {
    "required": _l("is missing"),
    "null": _l("is missing"),
    "unknown": _l("is not a known field"),
    "type": _l("is not of the right form"),
    "invalid": _l("is not of the right form"),
}


class PackSchema(Schema):
    """Base: what is not known is an error, so that a misspelt field is not lost silently."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        # The library takes a message that is not a plain text for a list of messages.
        self._complaints = {name: str(text) for name, text in _COMPLAINTS.items()}
        super().__init__(**options)
        self.error_messages |= self._complaints

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:
        """Let every field complain in the reader's language."""
        del field_name
        field_obj.error_messages = {**field_obj.error_messages, **self._complaints}


class PackDay(fields.Field[date]):
    """A day, as TOML has it."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> date:
        if type(value) is not date:
            raise self.make_error("invalid")
        return value


class Split(fields.Field[list[str]]):
    """A cell that lists several values, separated by `|`."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> list[str]:
        return [part.strip() for part in str(value).split(SEPARATOR) if part.strip()]


class AudienceField(fields.Field[dict[str, str | None]]):
    """公开对象: 全社会, or 特定群体: and who."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> dict[str, str | None]:
        if value == EVERYONE:
            return {"kind": "everyone", "text": None}
        if not str(value).startswith(GROUP):
            raise self.make_error("invalid")
        return {"kind": "group", "text": str(value).removeprefix(GROUP)}


def _text(**options: Any) -> fields.String:
    return fields.String(validate=validate.Length(min=1, error=_l("is empty")), **options)


def _code(**options: Any) -> fields.String:
    return fields.String(validate=_whole(CODE, _l("is no division code")), **options)


def _key(**options: Any) -> fields.String:
    return fields.String(validate=_whole(KEY, _l("is no key of a domain")), **options)


def _whole(pattern: re.Pattern[str], complaint: Any) -> validate.Regexp:
    return validate.Regexp(re.compile(rf"(?:{pattern.pattern})\Z"), error=complaint)


def _one_of(choices: tuple[str, ...], **options: Any) -> fields.String:
    allowed = validate.OneOf(choices, error=_l("must be one of: {choices}"))
    return fields.String(validate=allowed, **options)


def _kinds() -> fields.List[Any]:
    return fields.List(_one_of(PLACE_KINDS))


class FilesSchema(PackSchema):
    """Which files the pack has beside this one."""

    domains = _text()
    divisions = _text()
    organs = _text()
    users = _text()
    changes = _text()
    links = _text()
    publications = _text()


class TableSchema(PackSchema):
    """A table of catalog items, all of one tenant's layer."""

    file = _text(required=True)
    tenant = _code()
    domain = _key()
    title = _text()
    provenance = _text(required=True)


class NotApplicableSchema(PackSchema):
    """A domain that this layer declares not applicable, to tenants of some kinds only."""

    domain = _key(required=True)
    kinds = _kinds()
    reason = _text(required=True)


class NavSchema(PackSchema):
    """A part of the county's own navigation."""

    key = _text(required=True)
    label = _text(required=True)
    url = _text(required=True)


class SiteSchema(PackSchema):
    """Masthead, navigation and footer; what is not known stays empty and is left out."""

    government_name = _text(required=True)
    organiser = fields.String()
    undertaker = fields.String()
    contact = fields.String()
    site_id = fields.String()
    icp = fields.String()
    police_filing = fields.String()
    party_mark = fields.String()
    emblem_url = fields.String()
    error_report_url = fields.String()
    index_number = fields.String()
    review_steps = fields.Integer(
        validate=validate.Range(1, MOST_REVIEW_STEPS, error=_l("must be 1 to {max}"))
    )
    own_people_on_board = fields.Boolean()
    forbidden_list_words = fields.List(fields.String())
    grey = fields.Boolean()
    nav = fields.List(fields.Nested(NavSchema))


class GuideSchema(PackSchema):
    """政府信息公开指南: what article 12 of the regulation asks for."""

    office = _text(required=True)
    address = _text(required=True)
    hours = _text(required=True)
    phone = _text(required=True)
    fax = fields.String()
    email = fields.String()
    reading_places = fields.List(_text())
    request_ways = fields.List(_text())


class RuleSchema(PackSchema):
    """One of the county's own rules on disclosure (制度)."""

    name = _text(required=True)
    document_number = fields.String()
    date = PackDay()
    summary = fields.String()


class StandingOrganSchema(PackSchema):
    """An organ that every place of these kinds has; `{name}` is the place's name."""

    kinds = fields.List(_one_of(PLACE_KINDS), required=True)
    name = _text(required=True)
    kind = _one_of(ORGAN_KINDS, required=True)


class PluginSchema(PackSchema):
    """What is decided about a plugin at a tenant, at the pack's own where none is named."""

    name = _text(required=True)
    tenant = _code()
    decision = _one_of(DECISIONS, required=True)
    reason = fields.String()


class ManifestSchema(PackSchema):
    """`tenant.toml` of a county, `pack.toml` of a layer."""

    format = fields.Integer(
        required=True, validate=validate.Equal(FORMAT, error=_l("must be {other}"))
    )
    code = _code(required=True)
    level = _one_of(LEVELS, required=True)
    name = _text(required=True)
    effective = PackDay(required=True)
    basis = fields.String()
    is_demo = fields.Boolean()
    hostname = fields.String()
    files = fields.Nested(FilesSchema)
    tables = fields.List(fields.Nested(TableSchema))
    not_applicable = fields.List(fields.Nested(NotApplicableSchema))
    site = fields.Nested(SiteSchema)
    guide = fields.Nested(GuideSchema)
    rules = fields.List(fields.Nested(RuleSchema))
    standing_organs = fields.List(fields.Nested(StandingOrganSchema))
    plugins = fields.List(fields.Nested(PluginSchema))


class DomainSchema(PackSchema):
    """A row of the table of domains."""

    key = _key(required=True)
    name = _text(required=True)
    title = _text()
    order = fields.Integer(required=True)
    aliases = Split()


class ItemSchema(PackSchema):
    """A row of a table of catalog items."""

    item_id = _text(required=True)
    domain = _key()
    seq = fields.String()
    level1 = _text(required=True)
    level2 = fields.String()
    level3 = fields.String()
    content_elements = Split()
    legal_basis = Split()
    time_limit = fields.String()
    responsible_organ = Split()
    channels = Split()
    audience = AudienceField()
    mode = _one_of(MODES)
    levels = Split(validate=validate.ContainsOnly(ITEM_LEVELS, error=_l("holds an unknown level")))


class OrganSchema(PackSchema):
    """A row of the table of organs."""

    tenant = _code(required=True)
    name = _text(required=True)
    kind = _one_of(ORGAN_KINDS, required=True)
    short_name = fields.String()
    address = fields.String()
    phone = fields.String()
    hours = fields.String()
    reviewer_above = fields.String()
    index_code = fields.String()
    uscc = fields.String()


class UserSchema(PackSchema):
    """A row of the table of a demonstration's accounts."""

    username = _text(required=True)
    name = _text(required=True)
    tenant = _code(required=True)
    role = _one_of(ROLES, required=True)
    organ = fields.String()


class ChangeSchema(PackSchema):
    """One change of a layer: refine, withdraw, withdraw_domain or lock."""

    op = _one_of(OPERATIONS, required=True)
    item_id = _text()
    field = _text()
    value = fields.Raw(allow_none=True)
    domain = _key()
    kinds = _kinds()


class ChangeGroupSchema(PackSchema):
    """Changes that one tenant makes for one reason."""

    tenant = _code(required=True)
    reason = _text(required=True)
    changes = fields.List(fields.Nested(ChangeSchema), required=True)


class ChangesSchema(PackSchema):
    """The file of changes."""

    revisions = fields.List(fields.Nested(ChangeGroupSchema), required=True)


class LinkSchema(PackSchema):
    """A village item and a government item that speak of the same thing."""

    village_item = _text(required=True)
    government_item = _text(required=True)
    reason = fields.String()


class LinksSchema(PackSchema):
    """The file of links."""

    links = fields.List(fields.Nested(LinkSchema), required=True)
