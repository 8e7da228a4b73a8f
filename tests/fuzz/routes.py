"""Send odd values to every route: in its path, its query and its form.

What a route is given otherwise is found by walking the pages of the demonstration: addresses that
exist, and the fields of forms. So a new route is in it by itself, also a plugin's.
"""

import re
from collections import Counter, deque
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from inspect import getmodule, unwrap
from itertools import takewhile
from pathlib import Path
from random import Random
from types import ModuleType
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from core.web.forms.fields import FileField, FilesField
from core.web.forms.form import Form
from tests.fuzz.odd_values import ODD_BODIES, ODD_VALUES

ROOT = Path(__file__).parents[2]
_PARAMETER = re.compile(r'params\.\w+\(\s*"(\w+)"')
#: The first of the words that a part of a path offers: `<any(confirmed, rejected):state>`.
_CHOICE = re.compile(r"<any\(['\"]?([\w-]+)[^<>]*:(\w+)>")
#: They end the session of whoever asks, so they come last.
LAST = ("accounts.sign_out", "accounts.sign_in_submit")
MOST_FIELDS = 60


def list_parameters() -> list[str]:
    """Names of parameters that any page reads."""
    sources = (*ROOT.glob("core/**/*.py"), *ROOT.glob("plugins/**/*.py"))
    return sorted(
        {name for path in sources for name in _PARAMETER.findall(path.read_text("utf-8"))}
    )


def list_declared(module: ModuleType | None) -> list[str]:
    """List the fields of the forms that a module declares or uses, as they are posted."""
    forms = (each for each in vars(module).values() if isinstance(each, type))
    names = {
        input_field.data_key or name
        for form in forms
        if issubclass(form, Form)
        for name, input_field in form().inputs()
    }
    return sorted(names)


def list_file_fields(module: ModuleType | None) -> list[str]:
    """List the fields of files that forms of a module have."""
    return [
        name
        for form in vars(module).values()
        if isinstance(form, type) and issubclass(form, Form)
        for name, input_field in form().inputs()
        if isinstance(input_field, FileField | FilesField)
    ]


@dataclass(slots=True)
class Target:
    """A route, values of its path that exist, its parameters and fields.

    `declared` are fields that forms of its module have, for routes whose form is on no page.
    """

    rule: Rule
    values: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request."""

    method: str
    path: str
    body: str = ""
    content_type: str = "application/x-www-form-urlencoded"

    def send(self, client: FlaskClient) -> int:
        """Send it; return the status."""
        options = {"data": self.body, "content_type": self.content_type} if self.body else {}
        response = client.open(self.path, method=self.method, **options)
        response.get_data()
        response.close()
        return response.status_code


class RouteMap:
    """The routes of an application, with what walking its pages tells of each."""

    def __init__(self, app: Flask, code: str) -> None:
        self._parameters = list_parameters()
        self._views = app.view_functions
        self._access = {name: view.access for name, view in app.view_functions.items()}
        self._adapter = app.url_map.bind("localhost")
        self.targets = {
            (rule.endpoint, rule.rule): Target(rule, {"code": code} | _list_choices(rule))
            for rule in app.url_map.iter_rules()
        }
        for target in self.targets.values():
            view = unwrap(app.view_functions[target.rule.endpoint])
            target.declared = list_declared(getmodule(view))

    def walk(self, client: FlaskClient, *starts: str, most: int = 2) -> None:
        """Follow links to at most so many pages of each route; read their links and forms."""
        waiting, seen, counts = deque(starts), set(), Counter()
        while waiting:
            address = waiting.popleft()
            target = self._learn(address, "GET")
            if target is None or address in seen or counts[id(target)] >= most:
                continue
            seen.add(address)
            counts[id(target)] += 1
            response = client.get(address)
            if response.mimetype == "text/html" and response.data:
                waiting.extend(self._read(html.document_fromstring(response.text)))
            elif response.location:
                waiting.append(response.location)
            response.close()

        for target in self.targets.values():
            self._borrow(target)

    def list_unknown(self) -> list[str]:
        """List routes of which no value of the path is known to exist."""
        targets = self.targets.values()
        return sorted(t.rule.rule for t in targets if t.rule.arguments - t.values.keys())

    def _borrow(self, target: Target) -> None:
        """Take what walking did not tell from the route whose address is most alike."""

        def alike(other: Target) -> int:
            parts = zip(target.rule.rule.split("/"), other.rule.rule.split("/"), strict=False)
            return len(list(takewhile(lambda both: both[0] == both[1], parts)))

        for name in target.rule.arguments - target.values.keys():
            known = [other for other in self.targets.values() if name in other.values]
            if known:
                target.values[name] = max(known, key=alike).values[name]

    def _learn(self, address: str, method: str) -> Target | None:
        """Keep the values of an address for its route, where it is one of ours."""
        parts = urlsplit(address)
        if parts.netloc not in {"", "localhost"} or not parts.path.startswith("/"):
            return None
        try:
            rule, values = self._adapter.match(parts.path, method, return_rule=True)
        except HTTPException:
            return None
        target = self.targets[rule.endpoint, rule.rule]
        if method == "POST" or not set(values) <= set(target.values):
            target.values = {name: str(value) for name, value in values.items()}
        target.query |= dict(parse_qsl(parts.query))
        return target

    def _read(self, page: html.HtmlElement) -> Iterator[str]:
        for form in page.forms:
            method = (form.get("method") or "get").upper()
            target = self._learn(form.get("action") or "", method)
            if target is not None:
                (target.fields if method == "POST" else target.query).update(_read_fields(form))
        for link in page.iterlinks():
            if link[1] in {"href", "src"}:
                yield link[2]

    def sample(self, random: Random, access: Container[str], each: int) -> Iterator[Attempt]:
        """Yield so many requests for each route and method whose access begins with a word."""
        for target, method in self._list_targets(access):
            found = list(self._on(target, method, random, 1))
            yield from random.sample(found, min(each, len(found)))

    def list_uploads(self) -> Iterator[tuple[str, dict[str, str], list[str]]]:
        """Yield the addresses to which files are sent, with their other fields and those."""
        for target in self.targets.values():
            view = unwrap(self._views[target.rule.endpoint])
            names = list_file_fields(getmodule(view))
            if names and "POST" in (target.rule.methods or ()):
                yield self.to_path(target), target.fields, names

    def list_versions(self) -> Iterator[Target]:
        """Yield the routes whose form says which version of a thing it shows."""
        yield from (target for target in self.targets.values() if "version" in target.fields)

    def attempts(self, random: Random, access: Container[str]) -> Iterator[Attempt]:
        """Yield requests with every odd value in every place of the same routes."""
        for target, method in self._list_targets(access):
            yield from self._on(target, method, random, len(ODD_VALUES))

    def _list_targets(self, access: Container[str]) -> Iterator[tuple[Target, str]]:
        """Yield routes and methods; those that end the session of whoever asks come last."""
        found = [
            target
            for target in self.targets.values()
            if self._access[target.rule.endpoint].partition(":")[0] in access
        ]
        for target in sorted(found, key=lambda one: (one.rule.endpoint in LAST, one.rule.rule)):
            for method in sorted((target.rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield target, method

    def _on(self, target: Target, method: str, random: Random, count: int) -> Iterator[Attempt]:
        yield from self._on_paths(target, method, random.sample(ODD_VALUES, count))
        for value in random.sample(ODD_VALUES, count):
            names = random.sample(self._parameters, 4) + sorted(target.query)
            yield self._attempt(target, method, target.values, dict.fromkeys(names, value))
        if method == "POST":
            yield from self._on_fields(target, random, count)

    def _on_paths(self, target: Target, method: str, values: list[str]) -> Iterator[Attempt]:
        for name in sorted(target.rule.arguments - {"code"}) or sorted(target.rule.arguments):
            for value in values:
                yield self._attempt(target, method, target.values | {name: value}, {})

    def _on_fields(self, target: Target, random: Random, count: int) -> Iterator[Attempt]:
        names = sorted(target.fields) or target.declared or ["name", "reason", "number", "act"]
        for value in random.sample(ODD_VALUES, count):
            odd = dict.fromkeys(
                random.sample(names, min(len(names), 1 + random.randrange(3))), value
            )
            yield self._attempt(target, "POST", target.values, {}, target.fields | odd)
            yield self._attempt(target, "POST", target.values, {}, dict.fromkeys(names, value))
        for body in random.sample(
            ODD_BODIES, max(1, round(count * len(ODD_BODIES) / len(ODD_VALUES)))
        ):
            path = self._path(target, target.values)
            yield Attempt("POST", path, body, "application/json")

    def _attempt(
        self,
        target: Target,
        method: str,
        values: dict[str, str],
        query: dict[str, str],
        fields: dict[str, str] | None = None,
    ) -> Attempt:
        path = self._path(target, values)
        return Attempt(method, f"{path}?{_encode(query)}" if query else path, _encode(fields or {}))

    def to_path(self, target: Target) -> str:
        """Return the address of what walking found there."""
        return self._path(target, target.values)

    @staticmethod
    def _path(target: Target, values: dict[str, str]) -> str:
        """Build an address by hand: the routes' own converters would refuse what is odd."""

        def put(match: re.Match[str]) -> str:
            return quote(values.get(match["name"], "1"), safe="", errors="surrogatepass")

        return re.sub(r"<(?:[^<>]*:)?(?P<name>\w+)>", put, target.rule.rule)


def _list_choices(rule: Rule) -> dict[str, str]:
    return {name: word for word, name in _CHOICE.findall(rule.rule)}


def _encode(pairs: dict[str, str]) -> str:
    return urlencode(pairs, errors="surrogatepass")


def _read_fields(form: html.HtmlElement) -> dict[str, str]:
    fields = {}
    for control in form.xpath(
        ".//input[@name] | .//select[@name] | .//textarea[@name] | .//button[@name]"
    ):
        value = control.value if control.tag != "button" else control.get("value")
        fields[control.name if control.tag != "button" else control.get("name")] = str(
            next(iter(control.value_options), "")
            if control.tag == "select" and not value
            else value or ""
        )
    return dict(list(fields.items())[:MOST_FIELDS])
