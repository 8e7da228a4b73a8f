"""Process hooks: asked once when the program starts, for every plugin that is installed.

What they give is there for all tenants; whether a tenant sees it is decided for each request by
what is switched on there. Nothing here may ask the database.

Specifications are never run: pluggy reads their names and arguments.
"""

from collections.abc import Iterable
from typing import Any

import click
from flask import Blueprint

from core.plugins.api.contributions import Job
from core.plugins.api.markers import hookspec


@hookspec
def blueprints() -> Iterable[Blueprint | str]:
    """Give the plugin's pages: `PluginBlueprint`s, which answer 404 where the plugin is off.

    A name such as `public.pages:blueprint` stands for what is found below the plugin's own package;
    it is imported when pages are needed, and commands start sooner.
    """
    raise NotImplementedError


@hookspec
def commands() -> Iterable[click.Command]:
    """Give commands of the program `gongkai`; a name that the core uses stays the core's."""
    raise NotImplementedError


@hookspec
def jobs() -> Iterable[Job]:
    """Give background work; what is done for each tenant is better put into `daily`."""
    raise NotImplementedError


@hookspec
def search_kinds() -> Iterable[Any]:
    """Give the kinds of things that the search box can find (`SearchKind`)."""
    raise NotImplementedError
