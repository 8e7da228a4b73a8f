"""A plugin's pages: below `/<code>/` only, and not there where the plugin is off."""

from typing import Any, NoReturn

from flask import Blueprint, Flask, abort, current_app, g, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from core.db.tree import Tenant
from core.plugins.activation import enabled
from core.plugins.api.manifest import Manifest
from core.plugins.api.paths import folder_of
from core.tenancy.service import find_tenant
from core.web.request import directory, forget_tenant

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
            root_path=str(folder_of(import_name)),
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


def init_gate(app: Flask) -> None:
    """Ask, before anything else looks at a request, whether its plugin is on here."""
    app.before_request(_keep_closed)


def _keep_closed() -> None:
    """Answer what an unknown address answers where the plugin is off."""
    endpoint, tenant = request.endpoint, g.get("tenant")
    if request.routing_exception is not None:
        endpoint, tenant = _meant(request.routing_exception)
    blueprint = current_app.blueprints.get((endpoint or "").rpartition(".")[0])
    if not isinstance(blueprint, PluginBlueprint):
        return
    if tenant is None or not enabled.is_on(blueprint.plugin, tenant):
        forget_tenant()
        abort(404)


def _meant(fault: HTTPException) -> tuple[str | None, Tenant | None]:
    """The page that a wrong method, or an address without its last stroke, comes close to."""
    adapter, path, method = request_ctx.url_adapter, request.path, request.method
    if isinstance(fault, RequestRedirect):
        path = f"{path}/"
    elif isinstance(fault, MethodNotAllowed) and fault.valid_methods:
        method = next(iter(fault.valid_methods))
    else:
        return None, None
    if adapter is None:
        return None, None
    try:
        rule, values = adapter.match(path, method, return_rule=True)
    except HTTPException:
        return None, None
    return rule.endpoint, find_tenant(directory(), str(values.get("code", "")))
