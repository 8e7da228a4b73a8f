"""A plugin's pages: below `/<code>/` only, and not there where the plugin is off."""

from typing import Any, NoReturn

from flask import Blueprint

from core.plugins.api.manifest import Manifest
from core.plugins.api.paths import find_plugin_folder

PREFIX = "plugin_"

# What would reach the pages of others.
REFUSED = (
    "add_app_template_filter",
    "add_app_template_global",
    "add_app_template_test",
    "after_app_request",
    "app_context_processor",
    "app_errorhandler",
    "app_template_filter",
    "app_template_global",
    "app_template_test",
    "app_url_defaults",
    "app_url_value_preprocessor",
    "before_app_request",
    "register_blueprint",
    "teardown_app_request",
)


class PluginBlueprint(Blueprint):
    """The blueprint `plugin_<name>`; with a `part`, `plugin_<name>_<part>`.

    Routes are written in full (`/<code>/open-days/`). Templates lie in the plugin's
    `templates/<name>/`.
    """

    def __init__(self, manifest: Manifest, import_name: str, *, part: str = "") -> None:
        super().__init__(
            PREFIX + "_".join(filter(None, (manifest.name, part))),
            import_name,
            root_path=str(find_plugin_folder(import_name)),
            template_folder="templates",
        )
        self.plugin = manifest.name

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Any = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Add a page of a tenant that says who may see it."""
        if not rule.startswith("/<code>/"):
            raise ValueError(f"the page {rule} does not lie below /<code>/")
        if not getattr(view_func, "access", ""):
            raise ValueError(f"the page {rule} does not say who may see it")
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)


def _refuse(name: str) -> Any:
    def refused(self: PluginBlueprint, *_arguments: Any, **_options: Any) -> NoReturn:
        raise TypeError(f"{self.name}: {name} would change pages that are not the plugin's")

    return refused


for _name in REFUSED:
    setattr(PluginBlueprint, _name, _refuse(_name))
