"""The form of a plugin's settings at a place: controls with origin and lock, and what was meant.

A field that was not touched stays as it is, also where the value above changed in the meantime:
the form carries each value as it was shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from marshmallow.exceptions import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from core.accounts.permissions import Actor
from core.db.tree import Tenant
from core.errors import Invalid
from core.plugins.activation.decisions import acts_for_county, get_plugin
from core.plugins.activation.settings import (
    ResolvedSetting,
    SettingChoice,
    load_resolved,
    resolve_settings,
)
from core.plugins.api.setting_fields import Kind, Setting, hint_of, parse, settings_in, shown

Typed = str | list[str]
Sent = MultiDict[str, str]
SEEN, LOCK, RESET = "seen-", "lock-", "reset-"


@dataclass(frozen=True, slots=True)
class Control:
    """One setting as it stands at a place.

    `origin` says where its value comes from, `above` which one would hold without the place's
    `own`; `fixed`: it cannot be changed here; `is_set` is all that is ever shown of a secret.
    """

    setting: Setting
    stored: Any
    value: Typed
    origin: str
    above: str
    hint: str
    own: bool
    locked: bool
    fixed: bool

    @property
    def is_set(self) -> bool:
        return bool(self.stored)

    @property
    def seen(self) -> str:
        """The value in one text, to tell whether it was touched."""
        return _flat(self.value)


@dataclass(frozen=True, slots=True)
class Filled:
    """A control as the form shows it: as it stands, or as somebody filled it in."""

    control: Control
    value: Typed
    seen: str
    lock: bool
    reset: bool


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """All controls, and whether the person may lock them for those below."""

    controls: tuple[Control, ...]
    may_lock: bool

    def filled(self, sent: Sent | None) -> list[Filled]:
        """What the page shows."""
        return [_filled(control, sent) for control in self.controls]


def form_of(session: Session, actor: Actor, name: str, tenant: Tenant) -> SettingsForm:
    """The settings of a plugin at a place, as this person may change them."""
    held, chosen = load_resolved(session, name, tenant)
    above = resolve_settings(chosen, tenant.chain[:-1])
    county = acts_for_county(session, actor, tenant)
    nodes = {value.node for value in (*held.values(), *above.values())}
    found = session.scalars(select(Tenant).where(Tenant.id.in_(nodes)))
    reader = _Reader(tenant, held, above, {node.id: node.name for node in found}, county)
    controls = tuple(reader.control(each) for each in settings_in(get_plugin(name)))
    return SettingsForm(controls, may_lock=county and tenant.level != "village")


@dataclass(frozen=True, slots=True)
class _Reader:
    tenant: Tenant
    held: Mapping[str, ResolvedSetting]
    above: Mapping[str, ResolvedSetting]
    places: Mapping[int, str]
    county: bool

    def control(self, setting: Setting) -> Control:
        held = self.held.get(setting.name)
        own = held is not None and held.node == self.tenant.id
        locked = held is not None and held.locked_at is not None
        stored = _stored(setting, held)
        return Control(
            setting,
            stored,
            "" if setting.secret else shown(setting, stored),
            self._origin(held),
            readable(setting, _stored(setting, self.above.get(setting.name))),
            hint_of(setting),
            own,
            locked and own,
            locked and not (own and self.county),
        )

    def _origin(self, held: ResolvedSetting | None) -> str:
        if held is None:
            return str(_("The feature's own default."))
        if held.node == self.tenant.id:
            return str(_("Set here."))
        place = self.places.get(held.node, "")
        if held.locked_at is not None:
            return str(_("From %(place)s, which locked it.", place=place))
        return str(_("From %(place)s.", place=place))


def _stored(setting: Setting, held: ResolvedSetting | None) -> Any:
    return held.stored if held else setting.stored(setting.default)


def readable(setting: Setting, stored: Any) -> str:
    """A stored value in words."""
    if setting.secret:
        return str(_("set") if stored else _("not set"))
    if setting.kind is Kind.CHECK:
        return str(_("yes") if stored else _("no"))
    value = shown(setting, stored)
    labels = {option.value: str(option.label) for option in setting.options}
    parts = value if isinstance(value, list) else value.splitlines()
    return "、".join(labels.get(part, part) for part in parts) or str(_("empty"))


def _filled(control: Control, sent: Sent | None) -> Filled:
    if sent is None or control.fixed:
        return Filled(control, control.value, control.seen, control.locked, reset=False)
    name = control.setting.name
    value: Typed = "" if control.setting.secret else _sent(control.setting, sent)
    seen = sent.get(SEEN + name, "")
    return Filled(control, value, seen, LOCK + name in sent, RESET + name in sent)


def choices_of(form: SettingsForm, sent: Sent) -> list[SettingChoice]:
    """What the person changed; raises `Invalid` by field."""
    faults: dict[str, str] = {}
    found: list[SettingChoice] = []
    for control in form.controls:
        try:
            found.extend(_choices(control, sent, may_lock=form.may_lock))
        except ValidationError as error:
            faults[control.setting.name] = " ".join(map(str, error.messages))
    if faults:
        raise Invalid(faults)
    return found


def _choices(control: Control, sent: Sent, *, may_lock: bool) -> Iterator[SettingChoice]:
    name = control.setting.name
    if control.fixed:
        return
    if RESET + name in sent:
        if control.own:
            yield SettingChoice(name, inherit=True)
        return
    value = _sent(control.setting, sent)
    lock = LOCK + name in sent if may_lock else control.locked
    if _flat(value) != sent.get(SEEN + name, ""):
        yield SettingChoice(name, parse(control.setting, value), lock)
    elif lock != control.locked:
        yield SettingChoice(name, control.stored, lock)


def _sent(setting: Setting, sent: Sent) -> Typed:
    if setting.kind is Kind.CHOICES:
        return sent.getlist(setting.name)
    value = sent.get(setting.name, "").replace("\r\n", "\n")
    return value.strip() if setting.kind is not Kind.SECRET else value


def _flat(value: Typed) -> str:
    return value if isinstance(value, str) else "\n".join(value)
