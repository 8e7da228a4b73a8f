"""The application, put together: a table of contents, one named step per line."""

from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from wsgiref.headers import Headers

from flask import Flask
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

import core.memory.garbage
import core.models
from core.accounts.access import init_access
from core.db.engine import init_database
from core.jobs.queue import init_jobs
from core.plugins.activation.cache import init_activation_cache, on_state_change
from core.plugins.activation.faults import init_faults
from core.plugins.calls.measures import add_measure_source
from core.plugins.calls.page_access import init_plugin_access
from core.plugins.calls.page_links import init_plugin_pages
from core.plugins.calls.runner import init_isolation
from core.plugins.loading.host import get_host
from core.plugins.loading.registration import init_plugins, register_pages, static_folders
from core.portal.enquiries import declare_enquiries
from core.portal.search_documents import watch_places
from core.publishing.decisions.measures import count_results
from core.publishing.objections.kind import declare_objections
from core.publishing.queries import SCHEDULE as PUBLICATIONS
from core.publishing.queries import find_next_appearance
from core.retention.fields import add_declarations
from core.search.analytics.counters import init_counters
from core.search.indexing.outbox import touch_subtree
from core.search.registry import init_search
from core.search.web.analytics import COUNTER as SEARCHES
from core.search.web.analytics import count_kept
from core.settings import Settings, load_settings, resource
from core.static_pages.falling import init_static_pages
from core.storage.files import FileStore
from core.usage.service import COUNTER as USES
from core.usage.service import count_kept as count_kept_use
from core.usage.service import init_usage
from core.web.configuration import configure, translation_folders
from core.web.errors import init_errors
from core.web.forms.refilling import FillForms, init_refilling
from core.web.incoming import init_incoming
from core.web.page_cache.direct import DIRECT_ANSWERS, DirectAnswers, PageLookup
from core.web.page_cache.front import EXTENSION, PageCache, PageFront
from core.web.page_cache.verdict import init_page_cache
from core.web.pages import init_pages
from core.web.reading.preferences import init_preferences
from core.web.reading.robots import init_robots
from core.web.request import init_request
from core.web.retry import RetryWhenBusy
from core.web.security import NO_SNIFFING, init_security
from core.web.server import PathPrefix, Wsgi
from core.web.site.origin import GongkaiApp
from core.web.urls import STATIC

# Where the blueprints of the pages are: those of citizens, then those of staff.
PUBLIC = (
    "core.accounts.views:blueprint",
    "core.appointments.pages:blueprint",
    "core.catalog.public.views:blueprint",
    "core.charts.pages:blueprint",
    "core.conversion.views:blueprint",
    "core.evidence.service:blueprint",
    "core.web.server:blueprint",
    "core.mending.pages:blueprint",
    "core.people.first_sign_in:blueprint",
    "core.messages.public:blueprint",
    "core.panels.pages:blueprint",
    "core.portal.views:blueprint",
    "core.publishing.public.views:blueprint",
    "core.questionnaires.pages:blueprint",
    "core.search.web.views:blueprint",
    "core.voting.pages.lists:blueprint",
)
CONSOLE = (
    "core.catalog.console.revisions:blueprint",
    "core.catalog.console.comparison:blueprint",
    "core.catalog.console.items:blueprint",
    "core.catalog.console.edit:blueprint",
    "core.catalog.console.uploads.corrections:blueprint",
    "core.catalog.console.uploads.preview:blueprint",
    "core.catalog.console.uploads.views:blueprint",
    "core.console.views:blueprint",
    "core.plugins.admin.console_settings:erasure_pages",
    "core.publishing.console.item_links:blueprint",
    "core.messages.console.contacts:blueprint",
    "core.people.console.person:blueprint",
    "core.plugins.admin.console:blueprint",
    "core.publishing.archive.pages:blueprint",
    "core.publishing.console.board:blueprint",
    "core.publishing.console.detail:blueprint",
    "core.publishing.console.managing.pages:blueprint",
    "core.publishing.console.managing.bulk:blueprint",
    "core.publishing.console.managing.imports:blueprint",
    "core.publishing.console.publication_templates:blueprint",
    "core.publishing.console.list_copies:blueprint",
    "core.publishing.console.live_text:blueprint",
    "core.publishing.console.privacy:blueprint",
    "core.publishing.console.review:blueprint",
    "core.publishing.console.unsaved:blueprint",
    "core.publishing.decisions.pages:blueprint",
    "core.publishing.objections.pages:blueprint",
    "core.publishing.reviewing.pages:blueprint",
    "core.publishing.reviewing.settings_page:blueprint",
    "core.publishing.takedown.pages:blueprint",
    "core.publishing.withheld.pages:blueprint",
    "core.publishing.records.settings_page:blueprint",
    "core.search.web.console:blueprint",
    "core.plugins.admin.console_settings:settings_pages",
)


def create_app(settings: Settings | None = None) -> GongkaiApp:
    """Make the application for these settings (from the environment by default)."""
    settings = settings or load_settings()
    templates = str(resource("frontend", "templates"))
    app = GongkaiApp("core", static_folder=None, template_folder=templates)
    configure(app, settings)
    init_incoming(app)
    init_plugins(app, settings.plugin_folders)
    cache = init_page_cache(app, settings)
    init_database(app, settings.database_url)
    init_storage(app, settings)
    init_static_pages(app, settings)
    init_background(app, settings)
    init_plugin_states(app)
    init_request(app)
    init_plugin_access(app)
    CSRFProtect(app)
    init_preferences(app, translation_folders())
    init_refilling(app)
    init_pages(app)
    init_plugin_pages(app)
    init_access(app)
    init_errors(app)
    init_security(app)
    init_robots(app)
    add_pages(app)
    join_page_cache(app, cache)
    wrap_server(app, settings)
    core.memory.garbage.freeze_loaded()
    return app


def add_pages(app: GongkaiApp) -> None:
    """Name the pages, which are loaded when they are needed (`LazyPages`), plugins' last."""
    app.add_pages(lambda: register_blueprints(app, PUBLIC))
    app.add_pages(lambda: register_blueprints(app, CONSOLE))
    app.add_pages(lambda: load_plugin_pages(app))


def load_plugin_pages(app: Flask) -> None:
    """Register the plugins' pages, with what validates their answers: no call should load it."""
    import_module("core.plugins.calls.validation")
    register_pages(app)


def register_blueprints(app: Flask, homes: Iterable[str]) -> None:
    """Import the blueprints `module:name`, and register them in this order."""
    for home in homes:
        module, _, name = home.partition(":")
        app.register_blueprint(getattr(import_module(module), name))


def init_storage(app: Flask, settings: Settings) -> None:
    """Attachment files live below the data folder."""
    app.extensions["files"] = FileStore(settings.data_dir / "files")


def init_background(app: Flask, settings: Settings) -> None:
    """Jobs, and the search engine that they keep up to date; what is in them is loaded later."""
    init_search(
        app,
        settings,
        lambda: load_wiring().list_search_kinds(app),
        lambda: load_wiring().list_answer_sources(),
    )
    init_counters(app, app.config["SECRET_KEY"], testing=settings.testing)
    watch_places()
    init_usage(app)
    jobs = init_jobs(app, settings)
    jobs.add_definitions(lambda: load_wiring().define_jobs(app, jobs))
    add_declarations(lambda: load_wiring().declare_personal_data())
    declare_enquiries()
    declare_objections()
    add_measure_source(count_results)


def load_wiring() -> ModuleType:
    """Load what features do in the background."""
    return import_module("core.wiring.background")


def init_plugin_states(app: Flask) -> None:
    """Load what is on where; search follows, since plugins have things to find."""
    init_faults(app)  # before the request's sessions: what comes first is torn down last
    init_activation_cache(app)
    init_isolation(app)

    def follow(session: Session, tenant_id: int, plugin: str) -> None:
        if get_host(app).plugins[plugin].contributions.search_kinds:
            touch_subtree(session, tenant_id)

    on_state_change(app, follow)


def join_page_cache(app: Flask, cache: PageCache) -> None:
    """Tell the kept pages what features have that they must not outlive."""
    cache.refreshers.append(app.extensions["plugin_states"].expire)
    cache.counters[SEARCHES] = count_kept
    cache.counters[USES] = count_kept_use
    cache.schedules[PUBLICATIONS] = find_next_appearance


def wrap_server(app: Flask, settings: Settings) -> None:
    """Wrap static files, the path prefix and trusted proxies around it, outermost last.

    Proxies hand on the name that was asked for as `Host`: clients could send `X-Forwarded-Host`.
    """
    front: Wsgi = FillForms(RetryWhenBusy(app.wsgi_app), app.wsgi_app)
    if settings.page_cache == "on":
        cache: PageCache = app.extensions[EXTENSION]
        front = PageFront(front, cache)
        lookup = stand_behind(PageLookup(cache), settings)
        app.extensions[DIRECT_ANSWERS] = DirectAnswers(lookup, cache)
    static = WhiteNoise(front, max_age=0, add_headers_function=_never_sniffed)
    static.add_files(str(resource("frontend", "dist")), prefix=f"{STATIC}/")
    for name, folder in static_folders(app).items():
        static.add_files(str(folder), prefix=f"{STATIC}/plugins/{name}/")
    app.wsgi_app = stand_behind(static, settings)  # type: ignore[method-assign, assignment]


def stand_behind(application: Wsgi, settings: Settings) -> Wsgi:
    """Say where an application stands: below a path prefix, behind so many trusted proxies."""
    prefixed = PathPrefix(application, settings.url_prefix)
    hops = settings.trusted_proxies
    return ProxyFix(prefixed, x_for=hops, x_proto=hops) if hops else prefixed


def _never_sniffed(headers: Headers, path: str, url: str) -> None:
    del path, url
    headers.add_header(*NO_SNIFFING)
