"""Hide the pages of a plugin at tenants where it is off: they answer 404 like unknown addresses."""

from flask import Flask, abort, current_app, g, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from core.db.tree import Tenant
from core.plugins.activation import enabled
from core.plugins.loading.blueprint import PluginBlueprint
from core.plugins.loading.host import refuse_unless_foreseen
from core.tenancy.service import find_tenant
from core.web.request import directory, forget_tenant


def init_plugin_access(app: Flask) -> None:
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
    refuse_unless_foreseen(blueprint.plugin)


def _meant(fault: HTTPException) -> tuple[str | None, Tenant | None]:
    """Match the page that a wrong method, or an address without its last slash, is close to."""
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
