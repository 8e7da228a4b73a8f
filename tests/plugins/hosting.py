"""Plugins made of functions, put into a host without being discovered or loaded."""

from pathlib import Path
from types import ModuleType
from typing import Any

from core.plugins.api.manifest import Manifest
from core.plugins.api.markers import hookimpl
from core.plugins.loading.discovery import Found
from core.plugins.loading.host import Plugin, PluginHost, ProcessContributions
from core.plugins.loading.validation import register


def build_manifest(name: str, **options: Any) -> Manifest:
    """Build the manifest of a plugin of this name."""
    return Manifest(name, "1.0", title=f"插件{name}", summary="", **options)


def install(host: PluginHost, manifest: Manifest, *, search_kinds: Any = (), **hooks: Any) -> None:
    """Put a plugin into a host, with these functions as its hooks."""
    module = ModuleType(manifest.name)
    for name, function in hooks.items():
        setattr(module, name, hookimpl(function))
    register(host.manager, module, manifest.name)
    found = Found(manifest.name, f"plugins.{manifest.name}.plugin", "tests")
    contributions = ProcessContributions(search_kinds=search_kinds)
    host.plugins[manifest.name] = Plugin(manifest, module, Path(), found, contributions, 0.0)
