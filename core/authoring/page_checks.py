"""Open every page of a plugin: sound where it is on, not there where it is off."""

from collections.abc import Iterator
from dataclasses import dataclass

from werkzeug.routing import Rule

from core.accounts.staff_gate import StaffGate
from core.authoring.sandbox_app import SandboxApp
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.plugins.calls.tenant_hooks import TenantHooks
from core.plugins.loading.registration import list_blueprints
from core.testing.pages import PageClient

FINE = frozenset({200, 302})


@dataclass(frozen=True, slots=True)
class Address:
    """A page of the plugin that can be opened without knowing anything."""

    rule: Rule
    access: str
    gate: StaffGate | None = None

    def is_at(self, tenant: Tenant) -> bool:
        """Return whether places of this level have the page."""
        return self.gate is None or self.gate.is_at(tenant)

    def at(self, tenant: Tenant) -> str:
        """Return the address at a tenant."""
        return self.rule.rule.replace("<code>", tenant.division_code)


def addresses(sandbox: SandboxApp) -> list[Address]:
    """Pages of the plugin that take nothing but the place."""
    own = list_blueprints(sandbox.app, sandbox.plugin.name)
    found = []
    for rule in sandbox.app.url_map.iter_rules():
        view = sandbox.app.view_functions[rule.endpoint]
        if rule.endpoint.rpartition(".")[0] in own and "GET" in (rule.methods or ()):
            gate = getattr(view, "gate", None)
            found.append(Address(rule, getattr(view, "access", ""), gate))
    return [one for one in found if one.rule.arguments == {"code"}]


def page_faults(sandbox: SandboxApp) -> Iterator[str]:
    """Pages that fail, or break the rules that every page keeps."""
    visitor, insider = sandbox.visitor(), sandbox.insider()
    for tenant in sandbox.places:
        for address in [each for each in addresses(sandbox) if each.is_at(tenant)]:
            client = insider if address.access.startswith("staff:") else visitor
            yield from _fault(client, address.at(tenant))
        yield from _fault(visitor, f"/{tenant.division_code}/")
        yield from _fault(insider, f"/{tenant.division_code}/console/")


def _fault(client: PageClient, address: str) -> Iterator[str]:
    try:
        client.get(address, allowed=FINE)
    except Exception as error:  # noqa: BLE001 - a page that raises is a finding, not our failure
        yield f"{address}: {error}".splitlines()[0][:300]


def traces_where_off(sandbox: SandboxApp) -> Iterator[str]:
    """Find what is left of the plugin in a county that does not have it."""
    visitor = sandbox.visitor()
    elsewhere = sandbox.tree.other_county
    for address in addresses(sandbox):
        try:
            visitor.get(address.at(elsewhere), status=404)
        except AssertionError:
            yield f"{address.at(elsewhere)} answers"
    own = [address.at(elsewhere) for address in addresses(sandbox)]
    home = visitor.get(f"/{elsewhere.division_code}/")
    linked = {str(href) for href in home.select("//@href")}
    yield from (f"the home page links to {address}" for address in own if address in linked)
    with open_session(Scope.public(elsewhere)) as session:
        if TenantHooks(elsewhere).home_blocks(session):
            yield "blocks are shown on the home page"


def undeclared_permissions(sandbox: SandboxApp) -> Iterator[str]:
    """Staff pages that ask for a permission that the manifest does not name."""
    declared = {permission.key for permission in sandbox.plugin.manifest.permissions}
    own = list_blueprints(sandbox.app, sandbox.plugin.name)
    for rule in sandbox.app.url_map.iter_rules():
        if rule.endpoint.rpartition(".")[0] not in own:
            continue
        access = getattr(sandbox.app.view_functions[rule.endpoint], "access", "")
        asked = access.removeprefix("staff:")
        if access.startswith("staff:") and "." in asked and asked not in declared:
            yield f"{rule.rule} asks for {asked}"
