"""What a plugin says about itself."""

from dataclasses import dataclass
from typing import TypeAlias

from flask_babel import LazyString
from marshmallow import Schema

Label: TypeAlias = str | LazyString
EVERY_LEVEL = ("county", "township", "village")


@dataclass(frozen=True, slots=True)
class Permission:
    """Something that a plugin lets people do, and which roles may; `key` is `<plugin>.<verb>`."""

    key: str
    label: Label
    roles: tuple[str, ...] = ("officer", "liaison")
    reaches_down: bool = False


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Something that a plugin keeps about people: what, what for, for how long."""

    what: Label
    why: Label
    kept: Label


@dataclass(frozen=True, slots=True)
class Manifest:
    """A plugin's name, what it needs, where it can be on, what it may ask and keeps.

    `core` names the versions of the platform that it works with, as a packaging specifier.
    """

    name: str
    version: str
    title: Label
    summary: Label
    levels: tuple[str, ...] = EVERY_LEVEL
    requires: tuple[str, ...] = ()
    core: str = ">=0.1,<1"
    settings: type[Schema] | None = None
    permissions: tuple[Permission, ...] = ()
    personal_data: tuple[PersonalData, ...] = ()
