"""What a plugin says about itself before any of its code is asked for something."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flask_babel import LazyString
from marshmallow import Schema
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from core.permissions import Role

NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")
PERMISSION_VERB = re.compile(r"[a-z][a-z0-9_]*")
EVERY_LEVEL = ("county", "township", "village")

Label: TypeAlias = str | LazyString


@dataclass(frozen=True, slots=True)
class Permission:
    """Something that the plugin's pages ask for: `open_day.manage`; default deny for all others.

    `roles` hold it at their own place; with `reaches_down` also everywhere below.
    """

    key: str
    label: Label
    roles: tuple[str, ...] = ("officer", "liaison")
    reaches_down: bool = False


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What the plugin keeps about people, why, and for how long."""

    what: Label
    why: Label
    kept: Label


@dataclass(frozen=True, slots=True)
class Manifest:
    """The plugin's declaration, `MANIFEST` of its `plugin.py`.

    `core` is a version specifier (PEP 440) of the platforms it works with; `requires` names other
    plugins that must be on where this one is on; `levels` are the places that can have it.
    `commands` names the commands of the hook `commands`, each with one line for `gongkai --help`,
    which reads them from the source: they are written out.
    `depends_on` says when what its hooks and pages answer may change: `"place"` with rows of the
    place, of those above and below it, with settings, and at moments that it names (`now_until`).
    Answers that depend on anything else are asked for with each page, which nobody keeps then.
    `questions` are words, folded and without blanks, one of which a question to the search box must
    have for the hook `answer_cards` to be asked; `ASKS_WHERE` stands for all that ask for a place
    to go to. Without any, every question is asked.
    """

    name: str
    version: str
    title: Label
    summary: Label = ""
    levels: tuple[str, ...] = EVERY_LEVEL
    requires: tuple[str, ...] = ()
    core: str = ">=0.1,<1"
    settings: type[Schema] | None = None
    permissions: tuple[Permission, ...] = field(default=())
    personal_data: tuple[PersonalData, ...] = field(default=())
    depends_on: Literal["place", "anything"] = "anything"
    commands: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[str, ...] = ()

    @property
    def fault(self) -> str:
        """What is wrong with the declaration itself; empty where nothing is."""
        return next(iter(_faults(self)), "")

    def works_with(self, version: str) -> bool:
        """Whether this version of the platform is one that the plugin names."""
        return SpecifierSet(self.core).contains(version, prereleases=True)


def _faults(manifest: Manifest) -> Iterable[str]:
    if not NAME.fullmatch(manifest.name):
        yield f"the name {manifest.name!r} is not made of small letters, digits and “_”"
    if not manifest.levels or not set(manifest.levels) <= set(EVERY_LEVEL):
        yield f"unknown levels {manifest.levels!r}"
    try:
        SpecifierSet(manifest.core)
    except InvalidSpecifier:
        yield f"{manifest.core!r} is no version specifier"
    for permission in manifest.permissions:
        yield from _permission_faults(manifest.name, permission)


def _permission_faults(name: str, permission: Permission) -> Iterable[str]:
    owner, _, verb = permission.key.partition(".")
    if owner != name or not PERMISSION_VERB.fullmatch(verb):
        yield f"the permission {permission.key!r} is not called “{name}.VERB”"
    if unknown := set(permission.roles) - set(Role):
        yield f"the permission {permission.key!r} names unknown roles {sorted(unknown)}"
