"""`gongkai search keys | token`: API keys of the Meilisearch server, tokens for partners."""

import os
from collections.abc import Callable

from flask_babel import gettext as _

from core.db.base import utc_now
from core.db.scope import open_session
from core.errors import Invalid
from core.search.cli.maintenance import OperationReport
from core.search.engines.base import BackendUnavailableError
from core.search.engines.meilisearch.keys import MeiliKey, make_keys, partner_token
from core.search.scope import SearchScope
from core.settings import current_settings
from core.tenancy.service import get_tenant

MASTER = "GONGKAI_MEILI_MASTER_KEY"


def _keys(_code: str | None) -> OperationReport:
    """Return the keys for workers and web servers; create missing ones."""
    return OperationReport({role: key.value for role, key in _load_keys().items()}, ok=True)


def _token(code: str | None) -> OperationReport:
    """Return a token for a partner's site with the scope of a tenant's page."""
    if code is None:
        raise Invalid({"tenant": _("Say on whose page to search: --tenant CODE.")})
    with open_session(None) as directory:
        chain = get_tenant(directory, code).chain
    scope, now, settings = SearchScope(chain, chain), utc_now(), current_settings()
    index = settings.meili_index
    token = partner_token(settings.meili_url, _load_keys()["search"], index, scope, now)
    return OperationReport({"index": index, "token": token}, ok=True)


def _load_keys() -> dict[str, MeiliKey]:
    from meilisearch.errors import MeilisearchError
    from requests import RequestException

    settings, master_key = current_settings(), os.environ.get(MASTER, "")
    if not settings.meili_url or not master_key:
        message = _("Set GONGKAI_MEILI_URL, and %(name)s for this command only.", name=MASTER)
        raise Invalid({MASTER: message})
    try:
        return make_keys(settings.meili_url, master_key, settings.meili_index)
    except (MeilisearchError, RequestException) as error:
        raise BackendUnavailableError(str(error)) from error


ACCESS: dict[str, Callable[[str | None], OperationReport]] = {"keys": _keys, "token": _token}
