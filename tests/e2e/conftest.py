"""A served demonstration county and a real browser."""

import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe

REPOSITORY = Path(__file__).parents[2]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "chromium is missing: run `make system`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return browser_type_launch_args | {"executable_path": chromium, "args": QUIET}


@dataclass(frozen=True)
class Site:
    """Where the demonstration is served, and who can sign in."""

    url: str
    sign_ins: dict[str, str]
    data_dir: Path

    def run(self, *arguments):
        """Run the program on the served data; give back its JSON."""
        done = subprocess.run(
            [sys.executable, "-m", "core.cli", *arguments, "--json"],
            env=os.environ | {"GONGKAI_DATA_DIR": str(self.data_dir)},
            cwd=REPOSITORY, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Serve the demonstration as `make demo` does, on a free port."""
    data_dir = tmp_path_factory.mktemp("site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "demo", "--port", str(port), "--json"],
        env=os.environ | {"GONGKAI_DATA_DIR": str(data_dir)},
        cwd=REPOSITORY, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    answer = json.loads(_document(process.stdout))
    with urlopen(answer["url"]) as response:
        assert response.status == 200
    sign_ins = {person["username"]: person["password"] for person in answer["sign_ins"]}
    yield Site(answer["url"].removesuffix("/990101/"), sign_ins, data_dir)
    process.terminate()
    process.wait(timeout=30)
    process.stdout.close()


def _document(stream):
    """The first JSON document of a stream that stays open (it is printed once serving)."""
    lines = []
    for line in stream:
        lines.append(line)
        if line.rstrip() == "}":
            break
    return "".join(lines)


@pytest.fixture
def look(page):
    """Open an address, or check where the browser is: no error in the console, no axe fault."""
    return _watch(page)


@pytest.fixture
def asked(site):
    """Every address that the browsers of a test ask for: all of them ours."""
    found = []
    yield found
    own = urlsplit(site.url).netloc
    assert found
    assert [url for url in found if urlsplit(url).netloc not in {own, ""}] == []


@pytest.fixture
def open_browser(browser, asked):
    """Open a browser of its own, whose requests are recorded."""
    opened = []

    def begin(screen):
        context = browser.new_context(viewport=screen, locale="zh-CN")
        context.on("request", lambda request: asked.append(request.url))
        opened.append(context)
        return _to_person(context)

    yield begin
    for context in opened:
        context.close()


def _to_person(context):
    """Somebody with a page: `look` as the fixture, `look_twice` on a phone and at a desk."""
    page = context.new_page()
    look, screen = _watch(page), page.viewport_size

    def look_twice(*addresses):
        for address in addresses:
            for size in (DESK, PHONE):
                page.set_viewport_size(size)
                look(address)
        page.set_viewport_size(screen)

    return SimpleNamespace(page=page, look=look, look_twice=look_twice, context=context)


@pytest.fixture
def office(open_browser, site):
    """The staff's browser at a desk; `as_person` signs somebody in."""
    staff = open_browser(DESK)

    def as_person(username):
        staff.context.clear_cookies()
        staff.page.goto(f"{site.url}/sign-in/")
        staff.page.fill("#username", username)
        staff.page.fill("#password", site.sign_ins[username])
        staff.page.click("main button[type=submit]")
        staff.page.wait_for_load_state()

    staff.as_person = as_person
    return staff


@pytest.fixture
def citizen(open_browser):
    """A citizen's browser, on a phone."""
    return open_browser(PHONE)


def _watch(page):
    problems = []

    def told(message):
        # A form that comes back with its faults is an answer, not a fault of the page.
        if message.type == "error" and "status of 422" not in message.text:
            problems.append(message.text)

    page.on("console", told)
    page.on("pageerror", lambda error: problems.append(str(error)))

    def visit(url=None):
        if url:
            response = page.goto(url)
            assert response.status == 200, f"{url}: {response.status}"
        # A click returns once the next page begins to arrive: without its document, axe fails.
        page.wait_for_load_state()
        faults = Axe().run(page).response["violations"]
        found = [(f["id"], [n["html"][:120] for n in f["nodes"]][:3]) for f in faults]
        assert found == [], f"{page.url}: {found}"
        assert problems == [], f"{page.url}: {problems}"
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.url} scrolls sideways by {wide} px"
        return page

    return visit
