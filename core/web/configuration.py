"""Flask's own configuration from the settings; an application of settings and messages alone."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_babel import Babel

from core.clock import set_offset
from core.log.events import init_log
from core.settings import Settings, load_settings
from core.storage.private import make_private_folder
from core.storage.secret_key import session_secret
from core.tables.formats.legacy.conversion import set_office_program
from core.web.site.cookies import init_cookies


def create_bare_app() -> Flask:
    """Make an application for commands that need no database, no plugins and no pages."""
    app = Flask("core", static_folder=None)
    configure(app, load_settings())
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(translation_folders())
    Babel(app)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Configure Flask; makes the data folder and its key where they are missing."""
    make_private_folder(settings.data_dir)
    init_log()
    set_offset(settings.clock_offset)
    set_office_program(settings.office_program)
    app.extensions["gongkai"] = settings
    app.config.update(
        SECRET_KEY=session_secret(settings),
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + 2**20,
        MAX_FORM_MEMORY_SIZE=16 * 2**20,
        MAX_FORM_PARTS=20_000,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE=settings.default_locale,
        BABEL_DEFAULT_TIMEZONE=settings.timezone,
    )
    init_cookies(app, settings)


def translation_folders() -> list[str]:
    """One message catalog per feature folder."""
    core = Path(__file__).parents[1]
    return [str(folder) for folder in sorted(core.glob("*/translations"))]
