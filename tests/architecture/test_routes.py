"""Every view says who may see it; addresses keep their shape."""

import importlib.util
import re
from pathlib import Path

from core.db.rls import tenant_tables
from core.plugins.loading.host import get_host

ACCESS = re.compile(r"open|public|form|staff:[\w.]+")


def test_every_view_declares_its_access(app):
    silent = [
        name
        for name, view in app.view_functions.items()
        if not ACCESS.fullmatch(getattr(view, "access", ""))
    ]
    assert silent == []


def test_tenant_pages_carry_the_code_and_open_pages_do_not(app):
    for rule in app.url_map.iter_rules():
        access = app.view_functions[rule.endpoint].access
        assert ("code" in rule.arguments) == (access != "open"), rule


def test_addresses_are_kebab_case(app):
    for rule in app.url_map.iter_rules():
        fixed = re.sub(r"<[^>]*>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", fixed), rule


def test_public_pages_are_only_read(app):
    for rule in app.url_map.iter_rules():
        if app.view_functions[rule.endpoint].access == "public":
            assert rule.methods <= {"GET", "HEAD", "OPTIONS"}, rule


def test_every_tenants_table_has_row_level_security(app):
    core = Path(__file__).parents[2] / "migrations" / "versions"
    plugins = [plugin.folder / "migrations" for plugin in get_host(app).plugins.values()]
    secured = {}
    for path in sorted(path for folder in (core, *plugins) for path in folder.glob("*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        secured |= getattr(module, "TABLES", {})
        for table in getattr(module, "DROPPED", ()):
            del secured[table]
    assert secured == tenant_tables()
