"""Validate a plugin when it is loaded; `PluginRefused` says in one sentence what is wrong."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from pluggy import HookimplOpts, PluginManager, PluginValidationError

from core.plugins.api.manifest import Manifest
from core.plugins.api.markers import PROJECT
from core.plugins.api.setting_fields import settings_in
from core.plugins.api.specs import process, tenant
from core.plugins.loading.blueprint import PREFIX, PluginBlueprint
from core.plugins.loading.translations import PluginMessage, has_catalog

# Options of the marker that would let an implementation reach past its own plugin.
_NOT_ALLOWED = ("specname", "wrapper", "hookwrapper", "optionalhook", "tryfirst", "trylast")


class PluginRefused(Exception):  # noqa: N818 - named for what it reports
    """Why a plugin is left out."""


class HookManager(PluginManager):
    """Pluggy's manager, stricter: a hook is implemented under its own name, for itself only."""

    def __init__(self) -> None:
        super().__init__(PROJECT)
        self.add_hookspecs(process)
        self.add_hookspecs(tenant)

    def parse_hookimpl_opts(self, plugin: object, name: str) -> HookimplOpts | None:
        """Refuse options that would hide what a function is, and hooks that nobody calls."""
        options = super().parse_hookimpl_opts(plugin, name)
        if options is None:
            return None
        refused = [option for option in _NOT_ALLOWED if options.get(option)]
        if refused:
            raise PluginRefused(f"{name}: the option {refused[0]} is not allowed")
        if not hasattr(self.hook, name):
            raise PluginRefused(f"{name}: there is no hook of this name")
        return options


def register(manager: HookManager, module: ModuleType, name: str) -> None:
    """Register the plugin's hooks; raises `PluginRefused` and then leaves none registered."""
    try:
        manager.register(module, name)
    except PluginValidationError as error:
        manager.unregister(name=name)
        raise PluginRefused(" ".join(str(error).split())) from error
    except PluginRefused:
        if manager.has_plugin(name):
            manager.unregister(name=name)
        raise


def get_manifest(module: ModuleType, name: str, core_version: str) -> Manifest:
    """Return the plugin's manifest; raises `PluginRefused` if it is not valid."""
    manifest = getattr(module, "MANIFEST", None)
    if not isinstance(manifest, Manifest):
        raise PluginRefused("its plugin.py has no MANIFEST")
    if manifest.fault:
        raise PluginRefused(manifest.fault)
    if manifest.name != name:
        raise PluginRefused(f"its manifest is called {manifest.name!r}")
    try:
        settings_in(manifest)
    except TypeError as error:
        raise PluginRefused(str(error)) from error
    if not manifest.works_with(core_version):
        raise PluginRefused(f"it works with core {manifest.core}, this is {core_version}")
    return manifest


def is_own(name: str, thing: str) -> bool:
    """Tell whether a thing's name is the plugin's, or begins with it: `open_day_session`."""
    return f"{thing}_".startswith(f"{name}_")


def check_tables(name: str, tables: frozenset[str]) -> None:
    """Check that its tables carry its name."""
    for table in sorted(tables):
        if not is_own(name, table):
            raise PluginRefused(f"the table {table} is not called {name}_…")


def check_files(manifest: Manifest, folder: Path) -> None:
    """Check that its templates lie below its name, and that its messages are in Chinese."""
    name = manifest.name
    templates = folder / "templates"
    for path in sorted(templates.rglob("*")):
        inside = path.relative_to(templates)
        if path.is_file() and inside.parts[0] != name:
            raise PluginRefused(f"the template {inside} does not lie in templates/{name}/")
    said = [label for label in _labels(manifest) if isinstance(label, PluginMessage)]
    if (said or templates.is_dir()) and not has_catalog(folder, name):
        raise PluginRefused(f"translations/zh_Hans_CN/LC_MESSAGES/{name}.po is missing")
    for label in said:
        if not label.text.knows(label.message):
            raise PluginRefused(f"“{label.message}” has no Chinese translation")


def _labels(manifest: Manifest) -> Iterator[Any]:
    yield from (manifest.title, manifest.summary)
    yield from (permission.label for permission in manifest.permissions)
    for kept in manifest.personal_data:
        yield from (kept.what, kept.why, kept.kept)


def check_blueprint(name: str, blueprint: object) -> PluginBlueprint | str:
    """Check that a blueprint is the plugin's own; one that is only named is checked when loaded."""
    if isinstance(blueprint, str):
        module, _, attribute = blueprint.partition(":")
        if not module.replace(".", "_").isidentifier() or not attribute.isidentifier():
            raise PluginRefused(f"blueprints: {blueprint!r} is not module:name")
        return blueprint
    if not isinstance(blueprint, PluginBlueprint):
        raise PluginRefused(f"blueprints: {blueprint!r} is no PluginBlueprint")
    own = PREFIX + name
    if blueprint.plugin != name or not is_own(own, blueprint.name):
        raise PluginRefused(f"the blueprint {blueprint.name} is not called {own}")
    return blueprint
