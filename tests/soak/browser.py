"""A browser over real connections: cookies, the forms of pages, and how long each save took."""

import time
from dataclasses import dataclass, field

import requests
from lxml import html

PATIENCE = 120
# What is stored is answered by sending the browser on.
STORED = frozenset({302, 303})


@dataclass(slots=True)
class Saves:
    """Statuses of what was sent, and the seconds that each took."""

    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def slowest(self) -> float:
        """The longest that anybody waited."""
        return max(self.seconds, default=0.0)

    def __str__(self) -> str:
        return f"{len(self.seconds)} (statuses {sorted(set(self.statuses))}, slowest {self.slowest:.2f} s)"  # noqa: E501 - one phrase


class Browser:
    """One person's browser; the proxy tells the server another address for each act."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = requests.Session()
        self._client.trust_env = False
        # A connection kept open may be closed by the server while something is on its way; browsers
        # then send it again, this client does not.
        self._client.headers["Connection"] = "close"

    @property
    def cookies(self) -> str:
        """What the browser sends of the site's cookies."""
        return "; ".join(f"{each.name}={each.value}" for each in self._client.cookies)

    def get(self, path: str) -> str:
        """Fetch a page."""
        answer = self._client.get(self._url + path, timeout=PATIENCE)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def read_form(self, path: str, wanted: str) -> tuple[str, dict[str, str]]:
        """Return address and filled fields of a page's first form that has a field."""
        tree = html.document_fromstring(self.get(path))
        form = next(form for form in tree.forms if wanted in form.inputs.keys())  # noqa: SIM118 - no mapping
        return form.get("action") or path, dict(form.form_values())

    def post(self, path: str, fields: dict[str, str], address: str = "10.0.0.1") -> tuple[int, str]:
        """Send fields; returns the status and where it leads."""
        answer = self._client.post(
            self._url + path,
            data=fields,
            headers={"X-Forwarded-For": address},
            timeout=PATIENCE,
            allow_redirects=False,
        )
        return answer.status_code, answer.headers.get("Location", "")

    def save(
        self, saves: Saves, path: str, fields: dict[str, str], address: str = "10.0.0.1"
    ) -> tuple[int, str]:
        """Send fields and record how that went; a broken connection counts as status 0."""
        started = time.monotonic()
        try:
            status, location = self.post(path, fields, address)
        except requests.RequestException:
            status, location = 0, ""
        saves.statuses.append(status)
        saves.seconds.append(time.monotonic() - started)
        return status, location
