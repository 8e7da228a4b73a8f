"""Register the plugins: tables and migrations, permissions, pages, messages, commands."""

from importlib import import_module
from pathlib import Path

import click
from flask import Flask

from core.db.migrate import add_plugin_chain
from core.db.owners import check_mappings
from core.permissions import declare_permission
from core.plugins.api.manifest import Manifest
from core.plugins.loading.blueprint import PluginBlueprint
from core.plugins.loading.host import (
    Plugin,
    PluginHost,
    collect_commands,
    get_host,
    load_plugins,
)
from core.plugins.loading.translations import FeatureText, has_catalog, install_messages
from core.plugins.loading.validation import PluginRefused, check_blueprint, check_files


def init_plugins(app: Flask, more_folders: str) -> PluginHost:
    """Load the plugins; their tables and migrations are known before the first query."""
    host = load_plugins(more_folders)
    app.extensions["plugins"] = host
    for plugin in host.plugins.values():
        _declare_permissions(plugin.manifest)
        migrations = plugin.folder / "migrations"
        if migrations.is_dir():
            add_plugin_chain(app, plugin.name, migrations)
    return host


def _declare_permissions(manifest: Manifest) -> None:
    for permission in manifest.permissions:
        declare_permission(permission.key, permission.roles, reaches_down=permission.reaches_down)


def register_pages(app: Flask) -> None:
    """Register the plugins' pages, after the core's own, which win where addresses meet.

    What a plugin's pages need is looked at here: most commands need neither its templates, nor its
    messages, nor what its tables load along.
    """
    for plugin in list(get_host(app).plugins.values()):
        if has_catalog(plugin.folder, plugin.name):
            install_messages(app, FeatureText(plugin.name, plugin.module.__name__))
        try:
            check_mappings(plugin.found.package)
            check_files(plugin.manifest, plugin.folder)
            collect_commands(get_host(app), plugin)
            for blueprint in plugin.contributions.blueprints:
                app.register_blueprint(_load_blueprint(plugin, blueprint))
        except Exception as error:  # noqa: BLE001 - a plugin's pages must not stop the platform
            get_host(app).drop(plugin, error)


def list_blueprints(app: Flask, name: str) -> set[str]:
    """List the names of a plugin's blueprints; all pages have been loaded."""
    return {
        key
        for key, each in app.blueprints.items()
        if isinstance(each, PluginBlueprint) and each.plugin == name
    }


def _load_blueprint(plugin: Plugin, given: PluginBlueprint | str) -> PluginBlueprint:
    """Import a blueprint that was only named; raises `PluginRefused` for what is none."""
    if isinstance(given, str):
        module, _, name = given.partition(":")
        found = getattr(import_module(f"{plugin.found.package}.{module}"), name)
        given = check_blueprint(plugin.name, found)
    if isinstance(given, str):
        raise PluginRefused(f"blueprints: {given!r} names another name")
    return given


def list_plugin_commands(app: Flask) -> dict[str, click.Command]:
    """List the plugins' commands by name; the first of a name wins."""
    found: dict[str, click.Command] = {}
    host = get_host(app)
    for plugin in list(host.plugins.values()):
        try:
            for command in collect_commands(host, plugin):
                found.setdefault(str(command.name), command)
        except Exception as error:  # noqa: BLE001 - a plugin's commands must not stop the program
            host.drop(plugin, error)
    return found


def static_folders(app: Flask) -> dict[str, Path]:
    """Return folders of static files to serve, by plugin."""
    folders = {name: plugin.folder / "static" for name, plugin in get_host(app).plugins.items()}
    return {name: folder for name, folder in folders.items() if folder.is_dir()}
