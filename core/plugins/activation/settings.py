"""Settings of plugins in the tree: the value that holds, where it comes from, and changing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from flask_babel import gettext as _
from marshmallow.exceptions import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.base import utc_now
from core.db.tree import Tenant
from core.errors import Conflict, Invalid
from core.log.logger import get_logger
from core.permissions import Action, Actor, require
from core.plugins.activation.cache import ChosenValue, activation_cache, bump_version, load_current
from core.plugins.activation.decisions import acts_for_county, get_plugin
from core.plugins.api.manifest import Manifest
from core.plugins.api.setting_fields import Kind, Setting, settings_in
from core.plugins.models import PluginSetting

ChosenByNode = Mapping[int, Mapping[str, ChosenValue]]

log = get_logger("gongkai.hooks")


@dataclass(frozen=True, slots=True)
class ResolvedSetting:
    """A value that somebody chose, at which node, and the node that locked it, if one did."""

    stored: Any
    node: int
    locked_at: int | None


def resolve_settings(chosen: ChosenByNode, chain: Sequence[int]) -> dict[str, ResolvedSetting]:
    """Resolve the values at the end of a chain: the nearest wins, but none from below a lock."""
    found: dict[str, ResolvedSetting] = {}
    for node in chain:
        for name, own in chosen.get(node, {}).items():
            if name in found and found[name].locked_at is not None:
                continue
            found[name] = ResolvedSetting(own.value, node, node if own.locked else None)
    return found


def get_plugin_settings(name: str, tenant: Tenant) -> dict[str, Any]:
    """Return the settings of a plugin that hold at a tenant; the schema's default elsewhere.

    At most a moment old, and cheap. Needs an application context.
    """
    chosen = activation_cache().now().settings.get(name, {})
    return typed_settings(get_plugin(name), resolve_settings(chosen, tenant.chain))


def typed_settings(manifest: Manifest, held: Mapping[str, ResolvedSetting]) -> dict[str, Any]:
    """Convert resolved settings to what the plugin's code reads."""
    settings = settings_in(manifest)
    return {each.name: _to_typed(manifest, each, held.get(each.name)) for each in settings}


def _to_typed(manifest: Manifest, setting: Setting, held: ResolvedSetting | None) -> Any:
    """Return the value; one that a newer version of the plugin refuses gives way to the default."""
    if held is None:
        return setting.default
    try:
        return setting.field.deserialize(held.stored)
    except ValidationError:
        log.warning("setting fits no more", plugin=manifest.name, setting=setting.name)
        return setting.default


def load_resolved(
    session: Session, name: str, tenant: Tenant
) -> tuple[dict[str, ResolvedSetting], ChosenByNode]:
    """Load what holds at a tenant, uncached, and everything chosen at and above it."""
    chosen = load_current(session).settings.get(name, {})
    return resolve_settings(chosen, tenant.chain), chosen


@dataclass(frozen=True, slots=True)
class SettingChoice:
    """What somebody wants of one setting: a value, perhaps locked, or none of one's own."""

    name: str
    stored: Any = None
    locked: bool = False
    inherit: bool = False


def change_settings(
    session: Session, actor: Actor, name: str, tenant: Tenant, choices: Sequence[SettingChoice]
) -> None:
    """Store choices at a tenant; raises `Invalid` by field, `Forbidden`, or `Conflict`.

    What others changed in the meantime and is not among the choices stays.
    """
    require(actor, Action.MANAGE_TENANT, tenant)
    bump_version(session)
    manifest = get_plugin(name)
    held, chosen = load_resolved(session, name, tenant)
    county = acts_for_county(session, actor, tenant)
    for choice in choices:
        _refuse_locked(tenant, held.get(choice.name), choice, county=county)
    _check(manifest, tenant, chosen, choices)
    query = select(PluginSetting).where(
        PluginSetting.tenant_id == tenant.id, PluginSetting.plugin == name
    )
    rows = {row.field: row for row in session.scalars(query)}
    for choice in choices:
        _store_row(session, actor, tenant, rows.get(choice.name), _to_row(name, choice))
    if choices:
        detail = _to_audit(manifest, choices)
        record(session, actor, tenant, "plugin.settings", name, settings=detail)


def _refuse_locked(
    tenant: Tenant, held: ResolvedSetting | None, choice: SettingChoice, *, county: bool
) -> None:
    if held is not None and held.locked_at is not None:
        above = held.locked_at != tenant.id
        if (above and not choice.inherit) or (not above and not county):
            raise Conflict(_("This setting is locked by the county."), where=choice.name)
    if choice.locked and not county:
        raise Conflict(_("Only the county locks settings."), where=choice.name)


def _check(
    manifest: Manifest, tenant: Tenant, chosen: ChosenByNode, choices: Sequence[SettingChoice]
) -> None:
    """Validate all values together as they would hold; raises `Invalid`."""
    own = dict(chosen.get(tenant.id, {}))
    for choice in choices:
        own.pop(choice.name, None)
        if not choice.inherit:
            own[choice.name] = ChosenValue(choice.stored, choice.locked)
    after = resolve_settings({**chosen, tenant.id: own}, tenant.chain)
    known = {each.name for each in settings_in(manifest)}
    if manifest.settings is None:
        return
    try:
        manifest.settings().load({name: after[name].stored for name in known & after.keys()})
    except ValidationError as error:
        faults = cast(dict[str, list[str]], error.messages)
        raise Invalid({name: " ".join(texts) for name, texts in faults.items()}) from error


def _to_row(name: str, choice: SettingChoice) -> PluginSetting | None:
    if choice.inherit:
        return None
    return PluginSetting(plugin=name, field=choice.name, value=choice.stored, locked=choice.locked)


def _store_row(
    session: Session,
    actor: Actor,
    tenant: Tenant,
    old: PluginSetting | None,
    new: PluginSetting | None,
) -> None:
    if new is None:
        if old is not None:
            session.delete(old)
        return
    row = old or new
    row.tenant_id, row.user_id, row.set_at = tenant.id, actor.user_id, utc_now()
    row.value, row.locked = new.value, new.locked
    session.add(row)


def _to_audit(manifest: Manifest, choices: Sequence[SettingChoice]) -> dict[str, Any]:
    """Build what the audit record keeps; never a secret."""
    known = {each.name: each for each in settings_in(manifest)}
    return {
        choice.name: "inherit"
        if choice.inherit
        else {"value": _to_record(known[choice.name], choice.stored), "locked": choice.locked}
        for choice in choices
    }


def _to_record(setting: Setting, stored: Any) -> Any:
    """Return what is recorded of a value: nothing of a secret, of a document its digest."""
    if setting.is_secret:
        return None
    if setting.kind is Kind.DOCUMENT:
        return f"sha256:{sha256(str(stored).encode()).hexdigest()}"
    return stored
