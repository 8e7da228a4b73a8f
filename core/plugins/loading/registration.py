"""Register the plugins: tables and migrations, permissions, pages, messages, commands."""

from pathlib import Path

import click
from flask import Flask

from core.db.migrate import add_plugin_chain
from core.permissions import declare_permission
from core.plugins.api.manifest import Manifest
from core.plugins.loading.host import PluginHost, get_host, load_plugins
from core.plugins.loading.translations import FeatureText, has_catalog, install_messages


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
    """Register the plugins' pages, after the core's own, which win where addresses meet."""
    for plugin in list(get_host(app).plugins.values()):
        if has_catalog(plugin.folder, plugin.name):
            install_messages(app, FeatureText(plugin.name, plugin.module.__name__))
        try:
            for blueprint in plugin.contributions.blueprints:
                app.register_blueprint(blueprint)
        except Exception as error:  # noqa: BLE001 - a plugin's pages must not stop the platform
            get_host(app).drop(plugin, f"{type(error).__name__}: {error}")


def list_plugin_commands(app: Flask) -> dict[str, click.Command]:
    """List the plugins' commands by name; the first of a name wins."""
    found: dict[str, click.Command] = {}
    for plugin in get_host(app).plugins.values():
        for command in plugin.contributions.commands:
            found.setdefault(str(command.name), command)
    return found


def static_folders(app: Flask) -> dict[str, Path]:
    """Return folders of static files to serve, by plugin."""
    folders = {name: plugin.folder / "static" for name, plugin in get_host(app).plugins.items()}
    return {name: folder for name, folder in folders.items() if folder.is_dir()}
