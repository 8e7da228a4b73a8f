"""A pack: a county, or a layer above it, as data in a folder of `tenants/`.

Reading checks everything that can be said without the catalog: the form of every file, that every
place that is named stands in the tree, and that an item id is given once.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from core.errors import Invalid, NotFound
from core.settings import resource
from core.tenancy.divisions import Division, read_divisions
from core.tenancy.domain import Level
from core.tenancy.pack_files import pack_file, read_json, read_table, read_toml
from core.tenancy.pack_schemas import (
    ChangesSchema,
    DomainSchema,
    ItemSchema,
    LinksSchema,
    ManifestSchema,
    OrganSchema,
    UserSchema,
)

MANIFESTS = ("tenant.toml", "pack.toml")
NAMED_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class OrganEntry:
    """An organ of one tenant."""

    tenant: str
    name: str
    kind: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StandingOrgan:
    """An organ that every place of some kinds has; `{name}` stands for the place's name."""

    kinds: frozenset[str]
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class DomainEntry:
    """A domain that the layer opens."""

    key: str
    name: str
    title: str | None
    order: int
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """An item that a tenant's layer defines, with the fields of the catalog."""

    tenant: str
    item_id: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """A change of a tenant's layer to what it inherits."""

    tenant: str
    op: str
    reason: str
    item_id: str | None = None
    field: str | None = None
    value: Any = None
    domain: str | None = None
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """A village item and a government item that speak of the same thing."""

    village_item: str
    government_item: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class PluginEntry:
    """What is decided about a plugin at a tenant."""

    name: str
    tenant: str
    decision: str
    reason: str


@dataclass(frozen=True, slots=True)
class UserEntry:
    """An account of a demonstration; packs hold no passwords."""

    username: str
    name: str
    tenant: str
    role: str
    organ: str | None


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything a pack says."""

    folder: Path
    code: str
    level: Level
    name: str
    effective: date
    hostname: str | None
    profile: Mapping[str, Any]
    divisions: tuple[Division, ...]
    organs: tuple[OrganEntry, ...]
    standing_organs: tuple[StandingOrgan, ...]
    domains: tuple[DomainEntry, ...]
    items: tuple[ItemEntry, ...]
    changes: tuple[ChangeEntry, ...]
    links: tuple[LinkEntry, ...]
    plugins: tuple[PluginEntry, ...]
    users: tuple[UserEntry, ...]
    publications: Path | None

    @property
    def is_demo(self) -> bool:
        """Whether it is a demonstration, whose pages say so."""
        return bool(self.profile.get("is_demo"))


def find_pack(name: str) -> Path:
    """Folder of a pack by its path, or by its name in `tenants/`; raises `NotFound`."""
    for folder in (Path(name), resource("tenants", name)):
        if any((folder / manifest).is_file() for manifest in MANIFESTS):
            return folder
    raise NotFound(_("There is no pack %(name)s.", name=name), where=name)


def read_pack(folder: Path) -> Pack:
    """Read and check a pack; raises `Invalid` that names the file, the line and the field."""
    manifest_name = next(name for name in MANIFESTS if (folder / name).is_file())
    manifest = read_toml(folder, manifest_name, ManifestSchema())
    files = manifest.get("files", {})
    pack = Pack(
        folder=folder,
        code=manifest["code"],
        level=Level(manifest["level"]),
        name=manifest["name"],
        effective=manifest["effective"],
        hostname=manifest.get("hostname"),
        profile=_profile(manifest),
        divisions=_divisions(folder, files.get("divisions")),
        organs=tuple(_organs(folder, files.get("organs"))),
        standing_organs=tuple(
            StandingOrgan(frozenset(organ["kinds"]), organ["name"], organ["kind"])
            for organ in manifest.get("standing_organs", ())
        ),
        domains=tuple(_domains(folder, files.get("domains"))),
        items=tuple(_items(folder, manifest)),
        changes=tuple(_changes(folder, manifest)),
        links=tuple(_links(folder, files.get("links"))),
        plugins=tuple(
            PluginEntry(
                entry["name"],
                entry.get("tenant", manifest["code"]),
                entry["decision"],
                entry.get("reason", ""),
            )
            for entry in manifest.get("plugins", ())
        ),
        users=tuple(_users(folder, files.get("users"))),
        publications=_optional_path(folder, files.get("publications")),
    )
    _check_places(pack)
    _check_item_ids(pack)
    return pack


def _profile(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Collect what pages need to know of the county's site, as it is stored with the tenant."""
    if "site" not in manifest:
        return {}
    rules = [
        rule | ({"date": rule["date"].isoformat()} if "date" in rule else {})
        for rule in manifest.get("rules", ())
    ]
    return {
        **manifest["site"],
        "guide": manifest.get("guide", {}),
        "rules": rules,
        "is_demo": manifest.get("is_demo", False),
    }


def _optional_path(folder: Path, name: str | None) -> Path | None:
    return pack_file(folder, name) if name else None


def _divisions(folder: Path, name: str | None) -> tuple[Division, ...]:
    path = _optional_path(folder, name)
    return tuple(read_divisions(path.read_bytes(), path.name)) if path else ()


def _organs(folder: Path, name: str | None) -> Iterator[OrganEntry]:
    if name is None:
        return
    for _where, row in read_table(folder, name, OrganSchema()):
        tenant, organ, kind = (row.pop(key) for key in ("tenant", "name", "kind"))
        yield OrganEntry(tenant, organ, kind, row)


def _domains(folder: Path, name: str | None) -> Iterator[DomainEntry]:
    if name is None:
        return
    for _where, row in read_table(folder, name, DomainSchema()):
        aliases = tuple(row.get("aliases", ()))
        yield DomainEntry(row["key"], row["name"], row.get("title"), row["order"], aliases)


def _items(folder: Path, manifest: Mapping[str, Any]) -> Iterator[ItemEntry]:
    for table in manifest.get("tables", ()):
        tenant = table.get("tenant", manifest["code"])
        for where, row in read_table(folder, table["file"], ItemSchema()):
            domain = row.get("domain", table.get("domain"))
            if domain is None:
                raise Invalid(_("%(where)s: the item names no domain.", where=where), where=where)
            yield ItemEntry(tenant, row.pop("item_id"), _item_fields(row, domain))


def _item_fields(row: Mapping[str, Any], domain: str) -> dict[str, Any]:
    """Fields as the catalog has them; an empty cell is unknown."""
    fields = {**row, "domain": domain}
    if "time_limit" in row:
        fields["time_limit"] = {"raw": row["time_limit"], "rule": None}
    return fields


def _changes(folder: Path, manifest: Mapping[str, Any]) -> Iterator[ChangeEntry]:
    for said in manifest.get("not_applicable", ()):
        kinds = frozenset(said.get("kinds", ()))
        yield ChangeEntry(
            manifest["code"],
            "withdraw_domain",
            said["reason"],
            domain=said["domain"],
            kinds=kinds,
        )
    name = manifest.get("files", {}).get("changes")
    if name is None:
        return
    for group in read_json(folder, name, ChangesSchema())["revisions"]:
        for change in group["changes"]:
            kinds = frozenset(change.pop("kinds", ()))
            yield ChangeEntry(tenant=group["tenant"], reason=group["reason"], kinds=kinds, **change)


def _links(folder: Path, name: str | None) -> Iterator[LinkEntry]:
    if name is None:
        return
    for row in read_json(folder, name, LinksSchema())["links"]:
        yield LinkEntry(row["village_item"], row["government_item"], row.get("reason"))


def _users(folder: Path, name: str | None) -> Iterator[UserEntry]:
    if name is None:
        return
    for _where, row in read_table(folder, name, UserSchema()):
        yield UserEntry(row["username"], row["name"], row["tenant"], row["role"], row.get("organ"))


def _check_places(pack: Pack) -> None:
    """Raise `Invalid` where a tenant is named that is not in the pack's tree."""
    known = {row.code for row in pack.divisions} | {pack.code}
    named = {organ.tenant for organ in pack.organs} | {item.tenant for item in pack.items}
    named |= {change.tenant for change in pack.changes} | {user.tenant for user in pack.users}
    missing = sorted(named - known)
    if missing:
        raise Invalid(
            _("The pack names places that its tree does not have: %(codes)s.",
              codes=", ".join(missing[:NAMED_AT_MOST])),
            where=missing[0],
        )  # fmt: skip


def _check_item_ids(pack: Pack) -> None:
    """Raise `Invalid` where an item id is given twice."""
    times = Counter(item.item_id for item in pack.items)
    twice = [item_id for item_id, count in times.items() if count > 1]
    if twice:
        raise Invalid(_("The item id %(id)s is given twice.", id=twice[0]), where=twice[0])
