"""Two windows on one thing: every form of staff that changes something shows its version."""

import ast
from inspect import getmodule, getsource, unwrap

NEW = "makes something new and changes nothing that is there"
ACT = "one act, which is refused where the state of the thing no longer allows it"
ADDS = "adds to a list, or takes one out of it, whatever else is in it"
SEEN = "the form says which revision was read, and another one is refused"
LIST = "a whole list is shown before it is stored, and only what it names is changed"
SHOWS = "shows something and stores nothing"
#: Staff's addresses that take a form and ask for no version, and why nothing is lost there.
WITHOUT = {
    NEW: {
        "catalog_forms.define", "catalog_uploads.upload", "item_links.add", "item_links.propose",
        "people.create",
        "plugin_open_day_after.add_questions", "plugin_open_day_after.start_report",
        "plugin_open_day_days.create", "plugin_open_day_days.repeat",
        "plugin_open_day_door.came", "plugin_open_day_entry.entered",
        "plugin_open_day_entry.invited", "plugin_open_day_files.evidence",
        "plugin_open_day_files.exported", "plugin_open_day_nominations.add_nominations",
        "plugin_open_day_plan.create_category", "plugin_open_day_year.export",
        "plugin_service_map_care.add_photo", "plugin_service_map_care.close",
        "plugin_service_map_care.move", "plugin_service_map_imports.take",
        "plugin_service_map_points.create", "plugin_supervisor_evaluation_vote_desk.create",
        "plugin_supervisor_evaluation_vote_desk.tickets", "publishing_console.create",
        "publishing_copies.copy", "publishing_import.upload",
        "publishing_withheld.create",
        "plugin_supervisor_evaluation_findings.create",
        "plugin_supervisor_evaluation_indicators.derive",
        "plugin_supervisor_evaluation_campaigns.clone",
        "plugin_supervisor_evaluation_campaigns.create",
        "plugin_supervisor_evaluation_staff_results.draft",
        "plugin_supervisor_evaluation_register.create",
        "plugin_supervisor_evaluation_register.declare",
        "search_console.recommend",
    },
    ACT: {
        "catalog_changes.approve", "catalog_changes.reject", "catalog_changes.undo",
        "catalog_forms.lock", "catalog_forms.withdraw", "catalog_forms.withdraw_domain",
        "catalog_uploads.discard", "item_links.decide", "item_links.removed",
        "people.close_account", "people.give_on", "people.open_account", "people.reset_account",
        "people.take", "publishing_archive.settle", "publishing_takedown.decide",
        "publishing_takedown.submit",
        "plugin_open_day_approval.close", "plugin_open_day_approval.stopped",
        "plugin_open_day_approval.submit", "plugin_open_day_days.delete",
        "plugin_open_day_decisions.act", "plugin_open_day_people.act",
        "plugin_open_day_door.check_in", "plugin_open_day_door.note",
        "plugin_open_day_door.upload", "plugin_open_day_nominations.link",
        "plugin_open_day_people.run_draw", "plugin_service_map_bulk.change",
        "plugin_service_map_care.delete", "plugin_service_map_care.reopen",
        "plugin_service_map_care.stay", "plugin_service_map_imports.undo",
        "plugin_service_map_points.verify",
        "plugin_supervisor_evaluation_register.letter",
        "plugin_supervisor_evaluation_register.withdraw",
        "plugin_supervisor_evaluation_register.withdraw_link",
        "plugin_village_sync_pairs.confirm", "plugin_village_sync_pairs.remove",
        "plugin_village_sync_pairs.restore",
        "plugins_console.narrow", "plugins_console.release", "plugins_console.store",
        "plugins_erasure.erase", "publishing_acts.correct", "publishing_acts.decide",
        "publishing_acts.decide_finding", "publishing_acts.discard",
        "publishing_acts.request_withdrawal",
        "publishing_acts.take_back", "publishing_bulk.go_on", "publishing_import.drop",
        "publishing_import.go_on", "publishing_unsaved.drop",
        "publishing_unsaved.restore",
        "publishing_reviewing.settle", "publishing_objections.correct", "search_console.end",
    },
    ADDS: {
        "messages_console.add_contact", "messages_console.remove_contact", "people.give",
        "publishing_board.add",
        "publishing_objections.add", "publishing_decisions.expect",
        "plugin_open_day_nominations.name_people", "plugin_open_day_plan.act_on_question",
        "plugin_open_day_plan.drop_category", "plugin_open_day_plan.drop_slot",
        "plugin_open_day_survey.add", "plugin_open_day_survey.remove",
        "plugin_service_map_care.remove_photo", "plugin_supervisor_evaluation_vote_desk.key_in",
        "plugin_supervisor_evaluation_vote_desk.add_remark", "plugin_village_sync_cases.answer",
        "publishing_review.remark",
        "search_console.add", "search_console.remove",
    },
    SEEN: {
        "catalog_compare.decide", "publishing_bulk.run", "publishing_review.review",
        "publishing_reviewing.send_form", "publishing_unsaved.keep",
    },
    SHOWS: {
        "plugin_supervisor_evaluation_staff_results.export", "plugins_console.preview",
        "publishing_bulk.choose", "publishing_text.preview",
    },
    LIST: {
        "plugin_service_map_coverage.take_people", "publishing_import.change",
        "publishing_import.preset",
    },
}  # fmt: skip


def _calls(node):
    return {
        target.attr if isinstance(target, ast.Attribute) else target.id
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(target := call.func, ast.Attribute | ast.Name)
    }


def asks_for_version(view):
    """Say whether a view asks for the version, itself or in a function of its module."""
    module = ast.parse(getsource(getmodule(unwrap(view))))
    functions = (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef))
    calls = {node.name: _calls(node) for node in functions}
    waiting, seen = [unwrap(view).__name__], set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        if "require_version" in calls[name]:
            return True
        waiting += [each for each in calls[name] if each in calls and each not in seen]
    return False


def test_whatever_staff_change_by_a_form_has_a_version_or_a_reason(app):
    staffs = {
        rule.endpoint: view
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods
        and (view := app.view_functions[rule.endpoint]).access.startswith("staff")
    }
    silent = {name for name, view in staffs.items() if not asks_for_version(view)}
    named = {name for names in WITHOUT.values() for name in names}
    assert silent - named == set(), "neither asks for a version nor says why it needs none"
    assert named - silent == set(), "asks for a version, or is gone: not to be named here"
