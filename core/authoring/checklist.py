"""The checklist that every plugin must pass, run against the plugin itself."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from core.authoring import data, page_checks, sources
from core.authoring.sandbox_app import SandboxApp, open_sandbox
from core.errors import Invalid
from core.plugins.api.paths import MAIN

SHOWN = 10


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One point of the list; `detail` says what was found, `remedy` what to do about it."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For the JSON answer."""
        return asdict(self)


def run_checklist(folder: Path) -> list[ChecklistItem]:
    """Run the whole list on the plugin in this folder; raises `Invalid` where there is none."""
    folder = folder.resolve()
    if not (folder / MAIN).is_file():
        raise Invalid(_("%(path)s holds no plugin.py.", path=folder), where=str(folder))
    found = list(_files(folder))
    try:
        with open_sandbox(folder) as sandbox:
            return [_loads(True, ""), *found, *_behaviour(sandbox)]
    except Invalid as error:
        return [_loads(False, "; ".join(error.fields.values()) or error.message), *found]


def _loads(ok: bool, detail: str) -> ChecklistItem:
    remedy = "" if ok else _("Mend this first: without it the platform leaves the plugin out.")
    return ChecklistItem(
        "loads", ok, detail or _("manifest, hooks, pages and tables are accepted"), remedy
    )


def _files(folder: Path) -> Iterator[ChecklistItem]:
    yield _check(
        "imports", sources.imports_past_the_door(folder),
        _("Import from core.sdk only (tests also from core.testing)."),
    )  # fmt: skip
    yield _check(
        "translations", sources.untranslated(folder),
        _("Translate these in translations/zh_Hans_CN/LC_MESSAGES/%(name)s.po.", name=folder.name),
    )  # fmt: skip
    yield _check("files", sources.long_files(folder), _("Divide what is longer than 500 lines."))
    missing = [name for name in ("README.md", "tests") if not (folder / name).exists()]
    yield _check("readme and tests", missing, _("Say what the plugin does, and test it."))


def _behaviour(sandbox: SandboxApp) -> Iterator[ChecklistItem]:
    checks: tuple[tuple[str, Callable[[SandboxApp], Iterable[str]], str], ...] = (
        ("tables", data.unscoped, _("Derive these tables from TenantScoped or Inherited.")),
        ("migrations", data.migration_faults, _("Going down must undo going up.")),
        (
            "personal data",
            _undeclared_personal_data,
            _("Name what is kept about people, why and how long in MANIFEST.personal_data."),
        ),
        (
            "permissions",
            page_checks.undeclared_permissions,
            _("Declare it in MANIFEST.permissions."),
        ),
        ("pages", page_checks.page_faults, _("Every page opens and keeps the rules of all pages.")),
        (
            "off",
            page_checks.traces_where_off,
            _("Where the plugin is off nothing of it may be seen."),
        ),
    )
    for name, look, remedy in checks:
        yield _check(name, look(sandbox), remedy)


def _undeclared_personal_data(sandbox: SandboxApp) -> list[str]:
    return [] if sandbox.plugin.manifest.personal_data else data.personal_columns(sandbox)


def _check(name: str, faults: Iterable[str], remedy: str) -> ChecklistItem:
    found = list(faults)
    shown = "; ".join(found[:SHOWN]) + (" …" if len(found) > SHOWN else "")
    return ChecklistItem(name, not found, shown or "✓", remedy if found else "")
