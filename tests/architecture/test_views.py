"""One style of views: they are handed a context, and the request owns their transaction."""

import ast
import re
from inspect import signature, unwrap
from pathlib import Path

from core.db.base import list_mappers

ROOT = Path(__file__).parents[2]

#: Where the context of a request is made, and pages that belong to no tenant are served.
MAKERS = ("core/web/", "core/accounts/access.py", "core/console/views.py", "core/sdk.py")
AMBIENT = {"session", "current_actor"}
#: What opens a session ends its transaction: requests, jobs and commands, hooks in a batch.
OWNERS = {
    "core/db/idle.py",
    "core/db/scope.py",
    "core/db/turns.py",
    "core/demo/loader.py",
    "core/plugins/calls/batch.py",
    "core/web/access.py",
}
#: What a request brings along is read by `core.web.forms` and `core.web.params`, which set bounds.
RAW = {"args", "data", "files", "form", "get_data", "get_json", "json", "stream", "values"}
ENDS_TRANSACTION = re.compile(r"session(\(\))?\.(commit|rollback)\(\)")


def sources():
    """Yield path and text of every module."""
    for path in sorted((*ROOT.glob("core/**/*.py"), *ROOT.glob("plugins/**/*.py"))):
        name = str(path.relative_to(ROOT))
        if "tests" not in path.parts:
            yield name, path.read_text("utf-8")


def test_views_take_their_context_first(app):
    wrong = [
        name
        for name, view in app.view_functions.items()
        if getattr(view, "access", "open") != "open"
        and list(signature(unwrap(view)).parameters)[:1] not in ([], ["ctx"])
    ]
    assert wrong == []


def test_no_feature_takes_the_session_or_the_actor_from_the_air():
    taken = {path: found for path, text in sources() if (found := _imported(text) & AMBIENT)}
    assert {path: found for path, found in taken.items() if not path.startswith(MAKERS)} == {}


def _imported(text):
    return {
        name.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom)
        and node.module in {"core.web.request", "core.accounts.access", "core.sdk"}
        for name in node.names
    }


def test_services_neither_commit_nor_roll_back():
    assert {path for path, text in sources() if ENDS_TRANSACTION.search(text)} == OWNERS


def test_what_comes_in_is_read_by_forms_and_parameters_only():
    raw = {path for path, text in sources() if _reads_raw(text)}
    assert {path for path in raw if not path.startswith("core/web/")} == set()


#: Who may have the office program at work for a minute: jobs and commands, and what they call.
CONVERTERS = {
    "core/catalog/cli/files.py",
    "core/conversion/service.py",
    "core/publishing/files/extraction.py",
    "core/tables/detect.py",
    "core/tables/read.py",
}
CONVERTS = re.compile(r"\bconvert_to_docx\b|\bconvert_old_text\b|\bconvert=(?!False)")


def test_no_request_waits_for_the_office_program():
    found = {path for path, text in sources() if CONVERTS.search(text)}
    assert found - {"core/tables/formats/legacy/conversion.py"} == CONVERTERS
    extract = {path for path, text in sources() if "files.extraction import" in text}
    assert extract == {"core/publishing/jobs.py"}


def _reads_raw(text):
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in RAW
        and isinstance(node.value, ast.Name)
        and node.value.id == "request"
        for node in ast.walk(ast.parse(text))
    )


#: Pages for roles held for one organ that find their thing themselves, and how it is kept apart.
FIND_THEIR_THING = {
    "catalog_console.item": "the catalog is public",
    "plugin_open_day_door.ticket": "find_own_ticket asks for the organ",
    "plugin_open_day_door.check_in": "find_own_ticket asks for the organ",
}


def test_what_a_role_for_one_organ_opens_is_loaded_where_its_organ_is_checked(app):
    """A page that names a thing in its address hands it to the gate, or is for the whole place."""
    unchecked = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (gate := getattr(app.view_functions[rule.endpoint], "gate", None))
        and gate.per_organ
        and not gate.has_objects
        and rule.arguments - {"code"}
    }
    assert unchecked == set(FIND_THEIR_THING)


def test_every_model_of_an_organ_is_known_to_the_gate():
    """A column of another meaning is named; all others say whose the row is."""
    columns = {
        mapper.class_.__name__
        for mapper in list_mappers()
        if "organ_id" in mapper.columns and not hasattr(mapper.class_, "owner_organ_id")
    }
    assert columns == {
        "Membership", "MessageCase", "MessageContact", "OpenDay", "Publication", "ServicePoint",
        "SyncComparison", "WithheldItem",
    }  # fmt: skip
