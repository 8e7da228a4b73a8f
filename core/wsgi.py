"""What gunicorn serves; it is loaded once, and the workers are forked from it."""

from sqlalchemy.orm import configure_mappers

from core.app import create_app
from core.memory.garbage import freeze
from core.redaction import redact
from core.search.query.lexicon import national_lexicon
from core.search.text.tokenizer import cut, fold
from core.static_pages.falling import take_everything_down
from core.storage.private import write_privately


def share_with_workers() -> None:
    """Load what every worker needs before any is forked: pages, search with its dictionaries.

    Each would load its own with its first page or search, the dictionaries about 90 MiB. What is
    frozen is not visited by garbage collections, which would copy its pages.
    """
    app.load_pages()
    len(app.extensions["search"].backends)
    len(app.extensions["search"].kinds)
    len(app.extensions["jobs"].defined)
    redact("")
    configure_mappers()
    cut(fold("政务公开"))
    len(national_lexicon().spelled)
    freeze()


write_privately()
app = create_app()
with app.app_context():
    take_everything_down()
share_with_workers()
