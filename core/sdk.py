"""The door for plugins: everything that they may use, and nothing else.

A plugin imports only this (its tests also `core.testing`): it is kept from version to version, as
`docs/plugins.md` says. A name is loaded when it is asked for: a plugin costs the parts it uses.
"""

from typing import TYPE_CHECKING

from core.plugins.api.door import lazy_attributes

if TYPE_CHECKING:
    from core.accounts.access import may, staff_page
    from core.accounts.models import User
    from core.accounts.private_links import PrivateLinks
    from core.accounts.staff_menu import StaffLink, Task
    from core.appointments.figures import draw_group
    from core.appointments.models import AppointedPerson
    from core.appointments.pages import AppointmentPages
    from core.appointments.personal_data import add_person_fields
    from core.appointments.register import AppointmentRegister
    from core.appointments.settings import AppointmentSettings
    from core.audit.service import record
    from core.calendar.domain.working_days import CalendarDay, DayKind, Derivation
    from core.calendar.labels import explain as explain_working_days
    from core.calendar.lunar import LunarDay, is_market_day, lunar_day

    # isort: off
    from core.calendar.opening import (
        HOURS_PRESETS, OpeningNow, are_hours_plain, find_opening_now, list_open_hours,
        load_opening_calendars, say_opening_now, say_stored_hours, to_stored_hours,
    )  # fmt: skip

    # isort: on
    from core.calendar.service import (
        add_working_days,
        calendar_day,
        is_working_day,
        working_days_between,
    )
    from core.catalog.domain.inheritance import EffectiveItem
    from core.catalog.effective import effective_catalog
    from core.catalog.item_titles import ItemTitles, load_item_titles
    from core.catalog.labels import domain_name, item_title
    from core.catalog.public_list import listed_items
    from core.charts.domain.model import Chart, ChartKind, ChartSeries
    from core.charts.pages import to_chart_figure
    from core.clock import local_day, now_until, today, zone
    from core.command import (
        command_errors,
        json_option,
        print_note,
        print_result,
        read_input,
        with_locale,
    )
    from core.conversion.service import MAX_CONVERTED, queue_conversion, take_converted
    from core.db.base import Base, Inherited, TenantScoped, UtcDateTime, utc_now
    from core.db.rls import enforce
    from core.db.scope import Reach, Scope, open_session
    from core.db.transactions import LoopCount, after_commit, for_each_in_own_transaction, savepoint
    from core.db.tree import Tenant, below
    from core.db.versions import mark_changed
    from core.errors import Conflict, Forbidden, GongkaiError, Invalid, NotFound, Overtaken
    from core.evidence.domain.package import EvidencePart, MissingPart
    from core.evidence.domain.verification import PackageReport
    from core.evidence.service import (
        EVIDENCE_TYPE,
        build_evidence,
        list_package_faults,
        verify_evidence,
    )
    from core.geography.domain.areas import (
        LngLat,
        bounding_box,
        distance_between,
        fit_into_picture,
        list_polygons,
        read_boundary,
    )
    from core.geography.domain.checks import (
        PositionSuspicion,
        find_likely_datum,
        find_suspicion,
        is_swapped_pair,
    )
    from core.geography.domain.datums import (
        Datum,
        GeoPosition,
        convert_position,
        is_in_china,
        is_offset_removed,
    )
    from core.geography.domain.entry import (
        PositionDoubt,
        Surroundings,
        check_position,
        surround,
        to_gcj02,
        to_public_position,
        widen_surroundings,
    )
    from core.geography.domain.nearest import find_nearest_points
    from core.identifiers import (
        OFFICE_PHONES,
        PERSONAL_PHONES,
        PhoneKind,
        birth_date,
        parse_bank_card,
        parse_id_number,
        parse_phone,
        phone_kind,
    )
    from core.jobs.queue import Schedule, enqueue
    from core.mending.models import MendingFile, MendingTask, mending_checks
    from core.mending.pages import MendingPages
    from core.mending.register import MendingFigures, MendingOwner, MendingRegister
    from core.messages.kinds import MessageKind, MessageSubject, add_message_kind
    from core.messages.queries import (
        MessageFigures,
        OpenMessage,
        count_open_messages,
        count_received_messages,
        erase_messages,
        list_open_messages,
        load_message_figures,
    )
    from core.notifications.outbox import cancel_notices, erase_notices, queue_notice
    from core.notifications.status import (
        NoticeTrouble,
        count_notices,
        list_notice_trouble,
        retry_notices,
    )
    from core.notifications.templates import add_notice_template
    from core.opening_hours.domain.model import OpeningHours, hours_from_json, hours_to_json
    from core.opening_hours.domain.parsing import parse_hours
    from core.opening_hours.domain.schedule import (
        DayType,
        OpeningCalendars,
        OpenState,
        find_duty_phone,
        list_spans,
        next_opening_change,
        opening_state,
    )
    from core.opening_hours.domain.wording import hours_to_words, say_opening_spans
    from core.panels.domain.draws import DrawnPair, DrawOrder, DrawShortfall, PanelDraw, draw_panel
    from core.panels.domain.indicators import Anchor, EvidenceDemand, Indicator
    from core.panels.domain.publication import PublishedResults

    # isort: off
    from core.panels.domain.scoring import (
        MEAN_PLACES, OBJECTIVE, TOTAL_PLACES, Computation, Criterion, PanelScores, RatedSubject,
        ScoreKey, ScoreRow, SubjectResult, round_half_up,
    )  # fmt: skip

    # isort: on
    from core.panels.figures import RESULT_GRADES, PanelFigures
    from core.panels.library import IndicatorLibrary
    from core.panels.models import IndicatorVersion
    from core.panels.pages import IndicatorPages
    from core.panels.sheets import build_rule_sheet, build_score_sheet, compute_from_sheet
    from core.permissions import NOBODY, OPERATOR, Action, Actor, allowed, require
    from core.plugins.activation.enabled import is_on, tenants_with
    from core.plugins.activation.settings import get_plugin_settings
    from core.plugins.api.contributions import (
        ASKS_WHERE,
        AnswerCard,
        Asked,
        Block,
        CardAction,
        HeadLink,
        Job,
        Link,
        MeasuredValue,
        Message,
        Problem,
        Row,
    )
    from core.plugins.api.manifest import Manifest, Permission, PersonalData
    from core.plugins.api.markers import hookimpl
    from core.plugins.calls.measures import load_objective_measures
    from core.plugins.calls.notify import notify
    from core.plugins.loading.blueprint import PluginBlueprint
    from core.plugins.loading.translations import FeatureText
    from core.positions.forms import PositionField, PositionForm, read_position
    from core.positions.labels import DATUM_LABELS, explain_position_doubt, say_distance
    from core.positions.links import list_map_links
    from core.positions.lists import find_named_datum, position_columns, to_degree_pair
    from core.publishing.article import Article, find_article
    from core.publishing.content import Content
    from core.publishing.decisions.queries import DecisionPair, load_decision_pairs
    from core.publishing.files.serving import send_picture
    from core.publishing.files.validation import ACCEPTED_PICTURES, CheckedFile, check_file
    from core.publishing.item_links import (
        decide_link,
        find_similar_items,
        link_items,
        list_links,
        require_link,
    )
    from core.publishing.lists.cells import to_number
    from core.publishing.lists.domain.model import ColumnType, ListData, TypedColumn
    from core.publishing.lists.totals import is_subtotal_row, is_total_row
    from core.publishing.models import ItemLink, Publication
    from core.publishing.queries import Entry, Wanted, counts_by_genre, published
    from core.publishing.workflow.api import NewFile, start_publication
    from core.publishing.workflow.drafts import list_attachments
    from core.questionnaires.answering import (
        has_answered,
        load_remarks,
        load_results,
        load_vote_result,
        submit_answers,
    )
    from core.questionnaires.domain.questions import AnswerKind, SurveyQuestion, move_question
    from core.questionnaires.domain.statistics import QuestionTally, VoteResult
    from core.questionnaires.domain.window import SurveyStage
    from core.questionnaires.labels import ANSWER_KINDS, say_value
    from core.questionnaires.models import Questionnaire
    from core.questionnaires.pages import (
        answer_kind_options,
        read_answer_form,
        read_question,
        to_question_fields,
        to_result_sheet,
        to_result_tables,
    )
    from core.questionnaires.service import (
        change_questionnaire,
        count_answers,
        create_questionnaire,
        create_vote,
        current_stage,
        erase_questionnaires,
        erase_texts,
        find_questionnaire,
        list_questionnaires,
        set_questions,
        to_questions,
    )
    from core.redaction import (
        keyed_digest,
        mask_bank_card,
        mask_id_number,
        mask_name,
        mask_phone,
        redact,
    )
    from core.retention.fields import (
        DaysAfter,
        ErasureAction,
        PersonalField,
        PersonKey,
        add_personal_fields,
    )
    from core.retention.forecast import RetentionForecast, list_forecasts
    from core.retention.person import PersonRows, erase_person, find_person
    from core.search.answering.database_fallback import says
    from core.search.answering.nearest import NearestThing, find_nearest
    from core.search.document import SearchDocument
    from core.search.geo import GeoPoint, Vicinity, measure_metres
    from core.search.indexing.outbox import touch
    from core.search.registry import SearchKind, load_synonyms
    from core.search.row_kinds import build_row_kind
    from core.settings import current_settings
    from core.storage.files import FileStore
    from core.storage.files import current_files as file_store
    from core.tables.limits import UnreadableFile
    from core.tables.lists.cells import parse_amount, parse_day, parse_digits, parse_whole_number
    from core.tables.lists.columns import ListColumn
    from core.tables.lists.merging import MergedFields, merge_fields, undo_fields
    from core.tables.lists.reading import ListFault, ListRead, ListRow, read_list
    from core.tables.lists.source import ListSource, SourceRow, read_list_file, read_pasted_list
    from core.tables.lists.writing import (
        CSV_TYPE,
        XLSX_TYPE,
        CellValue,
        ListSheet,
        write_list_csv,
        write_list_xlsx,
    )
    from core.tenancy.domain import Level, short_name
    from core.tenancy.models import Organ
    from core.tenancy.named_places import NamedPlaces, load_named_places, place_columns
    from core.tenancy.service import find_tenant, get_tenant, list_children, list_organs, load_chain
    from core.usage.service import Uses, count_use, erase_uses, load_uses, round_count
    from core.validity.answers import depends_on_index, limit_validity, refuse_keeping
    from core.voting.casting import count_waiting_remarks
    from core.voting.domain.counting import GradeScale, VoteChannel
    from core.voting.kinds import VoteKind, VoteOption, VotePlaces, VoteWords
    from core.voting.pages.mounting import mount_votes
    from core.voting.pages.results import list_public_votes
    from core.voting.samples import VoteSample, add_vote_sample
    from core.voting.votes import erase_votes
    from core.web import params, rate_limit
    from core.web.access import open_page, public_form, public_page
    from core.web.context import Context
    from core.web.files.downloads import send_download
    from core.web.files.feeds import FeedEntry, send_feed
    from core.web.files.pdf import PAPER_SIZES, PdfSheet, measure_text, wrap_text
    from core.web.files.qr import qr_code
    from core.web.forms import fields
    from core.web.forms.custom_fields import (
        CustomField,
        CustomKind,
        custom_from_json,
        custom_from_line,
        list_custom_values,
        pop_custom_values,
    )
    from core.web.forms.feature_pages import (
        FeaturePages,
        attempt,
        blank_form,
        take_form,
        to_options,
    )
    from core.web.forms.form import Form, FormData, RowsField
    from core.web.forms.kept import require_version, shown_version
    from core.web.forms.list_form import (
        SentListForm,
        is_list_confirmed,
        list_language,
        read_list_source,
        read_sent_list,
    )
    from core.web.forms.phones import PhonesField, parse_phones, parse_phones_of_list
    from core.web.paging import Page, paginate, paginate_rows
    from core.web.request import current_chain, current_county, current_tenant, directory
    from core.web.security import widen_policy
    from core.web.urls import plugin_asset, safe_next, tenant_url
    from core.webhooks.endpoints import WebhookTarget, check_webhook_target, set_webhook_endpoints
    from core.webhooks.outbox import queue_webhook
    from core.webhooks.status import EndpointStatus, list_webhook_status, retry_webhooks
    from core.workflow import HistoryEntry, TransitionError, Workflow

else:
    __getattr__ = lazy_attributes(globals())

__all__ = [
    "ACCEPTED_PICTURES", "ANSWER_KINDS", "ASKS_WHERE", "CSV_TYPE", "DATUM_LABELS", "EVIDENCE_TYPE",
    "HOURS_PRESETS", "MAX_CONVERTED", "MEAN_PLACES", "NOBODY", "OBJECTIVE", "OFFICE_PHONES",
    "OPERATOR", "PAPER_SIZES", "PERSONAL_PHONES", "RESULT_GRADES", "TOTAL_PLACES", "XLSX_TYPE",
    "Action", "Actor", "Anchor", "AnswerCard", "AnswerKind", "AppointedPerson", "AppointmentPages",
    "AppointmentRegister", "AppointmentSettings", "Article", "Asked", "Base", "Block",
    "CalendarDay", "CardAction", "CellValue", "Chart", "ChartKind", "ChartSeries", "CheckedFile",
    "ColumnType", "Computation", "Conflict", "Content", "Context", "Criterion", "CustomField",
    "CustomKind", "Datum", "DayKind", "DayType", "DaysAfter", "DecisionPair", "Derivation",
    "DrawOrder", "DrawShortfall", "DrawnPair", "EffectiveItem", "EndpointStatus", "Entry",
    "ErasureAction", "EvidenceDemand", "EvidencePart", "FeaturePages", "FeatureText", "FeedEntry",
    "FileStore", "Forbidden", "Form", "FormData", "GeoPoint", "GeoPosition", "GongkaiError",
    "GradeScale", "HeadLink", "HistoryEntry", "Indicator", "IndicatorLibrary", "IndicatorPages",
    "IndicatorVersion", "Inherited", "Invalid", "ItemLink", "ItemTitles", "Job", "Level", "Link",
    "ListColumn", "ListData", "ListFault", "ListRead", "ListRow", "ListSheet", "ListSource",
    "LngLat", "LoopCount", "LunarDay", "Manifest", "MeasuredValue", "MendingFigures", "MendingFile",
    "MendingOwner", "MendingPages", "MendingRegister", "MendingTask", "MergedFields", "Message",
    "MessageFigures", "MessageKind", "MessageSubject", "MissingPart", "NamedPlaces", "NearestThing",
    "NewFile", "NotFound", "NoticeTrouble", "OpenMessage", "OpenState", "OpeningCalendars",
    "OpeningHours", "OpeningNow", "Organ", "Overtaken", "PackageReport", "Page", "PanelDraw",
    "PanelFigures", "PanelScores", "PdfSheet", "Permission", "PersonKey", "PersonRows",
    "PersonalData", "PersonalField", "PhoneKind", "PhonesField", "PluginBlueprint", "PositionDoubt",
    "PositionField", "PositionForm", "PositionSuspicion", "PrivateLinks", "Problem", "Publication",
    "PublishedResults", "QuestionTally", "Questionnaire", "RatedSubject", "Reach",
    "RetentionForecast", "Row", "RowsField", "Schedule", "Scope", "ScoreKey", "ScoreRow",
    "SearchDocument", "SearchKind", "SentListForm", "SourceRow", "StaffLink", "SubjectResult",
    "Surroundings", "SurveyQuestion", "SurveyStage", "Task", "Tenant", "TenantScoped",
    "TransitionError", "TypedColumn", "UnreadableFile", "User", "Uses", "UtcDateTime", "Vicinity",
    "VoteChannel", "VoteKind", "VoteOption", "VotePlaces", "VoteResult", "VoteSample", "VoteWords",
    "Wanted", "WebhookTarget", "Workflow", "add_message_kind", "add_notice_template",
    "add_person_fields", "add_personal_fields", "add_vote_sample", "add_working_days",
    "after_commit", "allowed", "answer_kind_options", "are_hours_plain", "attempt", "below",
    "birth_date", "blank_form", "bounding_box", "build_evidence", "build_row_kind",
    "build_rule_sheet", "build_score_sheet", "calendar_day", "cancel_notices",
    "change_questionnaire", "check_file", "check_position", "check_webhook_target",
    "command_errors", "compute_from_sheet", "convert_position", "count_answers", "count_notices",
    "count_open_messages", "count_received_messages", "count_use", "count_waiting_remarks",
    "counts_by_genre", "create_questionnaire", "create_vote", "current_chain", "current_county",
    "current_settings", "current_stage", "current_tenant", "custom_from_json", "custom_from_line",
    "decide_link", "depends_on_index", "directory", "distance_between", "domain_name", "draw_group",
    "draw_panel", "effective_catalog", "enforce", "enqueue", "erase_messages", "erase_notices",
    "erase_person", "erase_questionnaires", "erase_texts", "erase_uses", "erase_votes",
    "explain_position_doubt", "explain_working_days", "fields", "file_store", "find_article",
    "find_duty_phone", "find_likely_datum", "find_named_datum", "find_nearest",
    "find_nearest_points", "find_opening_now", "find_person", "find_questionnaire",
    "find_similar_items", "find_suspicion", "find_tenant", "fit_into_picture",
    "for_each_in_own_transaction", "get_plugin_settings", "get_tenant", "has_answered", "hookimpl",
    "hours_from_json", "hours_to_json", "hours_to_words", "is_in_china", "is_list_confirmed",
    "is_market_day", "is_offset_removed", "is_on", "is_subtotal_row", "is_swapped_pair",
    "is_total_row", "is_working_day", "item_title", "json_option", "keyed_digest", "limit_validity",
    "link_items", "list_attachments", "list_children", "list_custom_values", "list_forecasts",
    "list_language", "list_links", "list_map_links", "list_notice_trouble", "list_open_hours",
    "list_open_messages", "list_organs", "list_package_faults", "list_polygons",
    "list_public_votes", "list_questionnaires", "list_spans", "list_webhook_status", "listed_items",
    "load_chain", "load_decision_pairs", "load_item_titles", "load_message_figures",
    "load_named_places", "load_objective_measures", "load_opening_calendars", "load_remarks",
    "load_results", "load_synonyms", "load_uses", "load_vote_result", "local_day", "lunar_day",
    "mark_changed", "mask_bank_card", "mask_id_number", "mask_name", "mask_phone", "may",
    "measure_metres", "measure_text", "mending_checks", "merge_fields", "mount_votes",
    "move_question", "next_opening_change", "notify", "now_until", "open_page", "open_session",
    "opening_state", "paginate", "paginate_rows", "params", "parse_amount", "parse_bank_card",
    "parse_day", "parse_digits", "parse_hours", "parse_id_number", "parse_phone", "parse_phones",
    "parse_phones_of_list", "parse_whole_number", "phone_kind", "place_columns", "plugin_asset",
    "pop_custom_values", "position_columns", "print_note", "print_result", "public_form",
    "public_page", "published", "qr_code", "queue_conversion", "queue_notice", "queue_webhook",
    "rate_limit", "read_answer_form", "read_boundary", "read_input", "read_list", "read_list_file",
    "read_list_source", "read_pasted_list", "read_position", "read_question", "read_sent_list",
    "record", "redact", "refuse_keeping", "require", "require_link", "require_version",
    "retry_notices", "retry_webhooks", "round_count", "round_half_up", "safe_next", "savepoint",
    "say_distance", "say_opening_now", "say_opening_spans", "say_stored_hours", "say_value", "says",
    "send_download", "send_feed", "send_picture", "set_questions", "set_webhook_endpoints",
    "short_name", "shown_version", "staff_page", "start_publication", "submit_answers", "surround",
    "take_converted", "take_form", "tenant_url", "tenants_with", "to_chart_figure",
    "to_degree_pair", "to_gcj02", "to_number", "to_options", "to_public_position",
    "to_question_fields", "to_questions", "to_result_sheet", "to_result_tables", "to_stored_hours",
    "today", "touch", "undo_fields", "utc_now", "verify_evidence", "widen_policy",
    "widen_surroundings", "with_locale", "working_days_between", "wrap_text", "write_list_csv",
    "write_list_xlsx", "zone",
]  # fmt: skip
