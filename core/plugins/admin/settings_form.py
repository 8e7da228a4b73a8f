"""The form of a plugin's settings at a place: controls with origin and lock, and what was meant.

A field that was not touched stays as it is, also where the value above changed in the meantime:
the form carries each value as it was shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from marshmallow.exceptions import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.errors import Invalid
from core.permissions import Actor
from core.plugins.activation.decisions import acts_for_county, get_plugin
from core.plugins.activation.settings import (
    ResolvedSetting,
    SettingChoice,
    load_resolved,
    resolve_settings,
)
from core.plugins.api.manifest import Manifest
from core.plugins.api.setting_fields import Kind, Setting, build_hint, parse, settings_in
from core.web.forms.documents import DocumentField
from core.web.forms.fields import ButtonField, InputField, SecretField, TextField
from core.web.forms.form import Form, FormData
from core.web.forms.kept import shown_version

SEEN, LOCK, RESET = "seen-", "lock-", "reset-"
LONGEST_VALUE, LONGEST_DOCUMENT = 20_000, 500_000


@dataclass(frozen=True, slots=True)
class SettingControl:
    """One setting as it stands at a place, or as somebody filled it in.

    `origin` says where its value comes from, `above` which one would hold without the place's own
    (`is_own`). `shown` is what the control holds, `seen` what it held when the form was opened;
    `lock` and `reset` are the ticks beside it. The template never shows a secret.
    """

    setting: Setting
    stored: Any
    origin: str
    above: str
    is_own: bool
    is_locked: bool
    is_fixed: bool
    shown: str
    seen: str
    lock: bool
    reset: bool

    @property
    def hint(self) -> str:
        """What stands beside the control."""
        return build_hint(self.setting)

    def choices(self, *, may_lock: bool) -> Iterator[SettingChoice]:
        """Yield what the person changed, if anything; raises `ValidationError`."""
        name = self.setting.name
        lock = self.lock if may_lock else self.is_locked
        if self.is_fixed or (self.reset and not self.is_own):
            return
        if self.reset:
            yield SettingChoice(name, inherit=True)
        elif to_seen(self.setting, self.shown) != self.seen:
            yield SettingChoice(name, parse(self.setting, self.shown), lock)
        elif lock != self.is_locked:
            yield SettingChoice(name, self.stored, lock)


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """All controls, and whether the person may lock them for those below."""

    controls: tuple[SettingControl, ...]
    may_lock: bool
    errors: Mapping[str, str]

    @property
    def version(self) -> str:
        """The values of this place; what changes above disturbs nobody who did not touch it."""
        return shown_version(*((c.setting.name, c.stored) for c in self.controls if c.is_own))

    def read_choices(self) -> list[SettingChoice]:
        """List what the person changed; raises `Invalid` by field."""
        faults = dict(self.errors)
        found: list[SettingChoice] = []
        for control in self.controls:
            try:
                found.extend(control.choices(may_lock=self.may_lock))
            except ValidationError as error:
                faults[control.setting.name] = " ".join(map(str, error.messages))
        if faults:
            raise Invalid(faults)
        return found


def read_settings(plugin: Manifest) -> FormData:
    """Read a plugin's posted settings: each control, what it held before, and its ticks."""
    controls: dict[str, InputField[Any]] = {}
    for setting in settings_in(plugin):
        name = setting.name
        controls[name] = _to_input(setting)
        controls[SEEN + name] = TextField(LONGEST_VALUE)
        controls[LOCK + name], controls[RESET + name] = ButtonField(), ButtonField()
    return Form.extend(controls).read()


def _to_input(setting: Setting) -> InputField[Any]:
    if setting.is_secret:
        return SecretField()
    if setting.kind is Kind.DOCUMENT:
        return DocumentField(LONGEST_DOCUMENT)
    return TextField(LONGEST_VALUE)


def load_settings_form(
    session: Session, actor: Actor, name: str, tenant: Tenant, form: FormData | None
) -> SettingsForm:
    """Load a plugin's settings at a place as this person may change them, and what was posted."""
    held, chosen = load_resolved(session, name, tenant)
    above = resolve_settings(chosen, tenant.chain[:-1])
    county = acts_for_county(session, actor, tenant)
    nodes = {value.node for value in (*held.values(), *above.values())}
    found = session.scalars(select(Tenant).where(Tenant.id.in_(nodes)))
    reader = _Reader(tenant, held, above, {node.id: node.name for node in found}, county, form)
    controls = tuple(reader.control(each) for each in settings_in(get_plugin(name)))
    return SettingsForm(
        controls, may_lock=county and tenant.level != "village", errors=form.errors if form else {}
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    tenant: Tenant
    held: Mapping[str, ResolvedSetting]
    above: Mapping[str, ResolvedSetting]
    places: Mapping[int, str]
    county: bool
    form: FormData | None

    def control(self, setting: Setting) -> SettingControl:
        held, name = self.held.get(setting.name), setting.name
        is_own = held is not None and held.node == self.tenant.id
        locked = held is not None and held.locked_at is not None
        is_fixed = locked and not (is_own and self.county)
        stored = held.stored if held else setting.default
        above = self.above.get(name)
        shown = _show(setting, stored)
        sent = self.form.values if self.form is not None and not is_fixed else None
        return SettingControl(
            setting=setting,
            stored=stored,
            origin=self._origin(held),
            above=to_words(setting, above.stored if above else setting.default),
            is_own=is_own,
            is_locked=locked and is_own,
            is_fixed=is_fixed,
            shown=shown if sent is None else sent[name],
            seen=to_seen(setting, shown) if sent is None else sent[SEEN + name],
            lock=locked and is_own if sent is None else sent[LOCK + name],
            reset=sent is not None and sent[RESET + name],
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


def to_seen(setting: Setting, shown: str) -> str:
    """Return what the form carries of a value as it was shown; of a document a digest only."""
    text = "\n".join(shown.strip().splitlines())  # browsers send their own line breaks
    return sha256(text.encode()).hexdigest() if setting.kind is Kind.DOCUMENT else shown.strip()


def _show(setting: Setting, stored: Any) -> str:
    if setting.is_secret or stored is None:
        return ""
    if setting.kind is Kind.CHECK:
        return "1" if stored else ""
    return str(stored)


def to_words(setting: Setting, stored: Any) -> str:
    """Say a stored value in words; of a secret only whether it is set."""
    if setting.is_secret:
        return str(_("set") if stored else _("not set"))
    if setting.kind is Kind.CHECK:
        return str(_("yes") if stored else _("no"))
    if setting.kind is Kind.DOCUMENT and stored:
        return str(_("%(n)s characters", n=len(stored)))
    return _show(setting, stored) or str(_("empty"))
