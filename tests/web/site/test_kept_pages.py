"""Pages with personal data are kept by no cache and no browser; from the route map."""

from werkzeug.routing import AnyConverter, IntegerConverter

from core.testing.pages import url_for
from core.web.security import CAPABILITIES

COUNTY = "990111"


def example(name, converter):
    if name == "code":
        return COUNTY
    if isinstance(converter, IntegerConverter):
        return 1
    return next(iter(converter.items)) if isinstance(converter, AnyConverter) else "ABCDEFGH2345"


def paths(app, wanted):
    """Paths of the GET rules that are wanted, with an example for each variable part."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and wanted(rule, app.view_functions[rule.endpoint].access):
            values = {name: example(name, each) for name, each in rule._converters.items()}
            yield adapter.build(rule.endpoint, values, method="GET")


def is_private(rule, access):
    return access.startswith("staff:") or bool(CAPABILITIES & rule.arguments)


def test_private_pages_are_kept_by_nobody(app, tree, plugin_on):
    plugin_on("open_day", tree.county)
    client = app.test_client()
    asked = list(paths(app, is_private))
    assert len(asked) > 50
    kept = [path for path in asked if client.get(path).headers.get("Cache-Control") != "no-store"]
    assert kept == []


def test_whoever_is_signed_in_leaves_nothing_behind(client, tree, sign_in_as):
    home = f"/{COUNTY}/"
    assert "Cache-Control" not in client.get(home).headers
    sign_in_as("officer", tree.county)
    for path in (home, "/account/", f"{home}console/", f"{home}search/?q=低保"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path
    client.sign_out()
    assert "Cache-Control" not in client.get(home).headers


def test_a_page_with_a_form_is_not_shared(client):
    assert client.get(url_for("accounts.sign_in")).headers["Cache-Control"] == "no-store"
