"""nginx sends the files by itself, with the example of the repository, and none that is old."""

import http.client
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest

from core.clock import today
from core.static_pages.rendering import CACHE_CONTROL
from core.testing.pages import url_for
from core.testing.serving import serve_installation
from core.web.security import SITE_HEADERS, STRICT_TRANSPORT
from tests.bench.serving.client import fetch
from tests.bench.serving.nginx import CHINA, EXAMPLE, build_example, has_nginx, serve_nginx
from tests.static_pages.files import HOST, publish, sent, write


def test_the_example_sends_the_headers_of_the_application():
    text = EXAMPLE.read_text("utf-8")
    usual = SITE_HEADERS | {"Cache-Control": CACHE_CONTROL}
    for name, value in (usual | {"Strict-Transport-Security": STRICT_TRANSPORT}).items():
        assert f'add_header {name} "{value}";' in text


@contextmanager
def serve_behind_nginx(settings, folder, zone=CHINA):
    """Serve an installation behind nginx; yields the port. It has started once it has answered."""
    if not has_nginx():
        pytest.skip("nginx is not installed")
    environment = {"GONGKAI_PAGE_CACHE": "on", "GONGKAI_STATIC_PAGES": settings.static_pages,
                   "GONGKAI_PUBLIC_URL": settings.public_url}  # fmt: skip
    with serve_installation(settings, workers=1, environment=environment) as served:
        fetch(served.url, "/healthz")
        site = build_example(settings, served.url)
        with serve_nginx(folder, site, zone=zone) as nginx:
            yield urlsplit(nginx.url).port


def get(port, path, method="GET", **headers):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, headers={"Host": HOST} | headers)
        answer = connection.getresponse()
        return answer, answer.read()


def test_nginx_sends_files_to_readers_without_choices(settings, app, tree, tmp_path):
    home = url_for("portal.home")
    with serve_behind_nginx(settings, tmp_path / "nginx") as port:
        write("990111")
        file = sent("990111")
        file.write_bytes(b"<p>out of a file</p>")  # so that it is told from the application's
        answer, body = get(port, home)
        assert body == b"<p>out of a file</p>"
        for name, value in SITE_HEADERS.items():
            assert answer.headers[name] == value
        assert answer.headers["Cache-Control"] == CACHE_CONTROL
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Last-Modified" not in answer.headers
        again, nothing = get(port, home, **{"If-None-Match": answer.headers["ETag"]})
        assert (again.status, nothing) == (304, b"")
        assert get(port, home, method="HEAD")[0].status == 200
        compressed, _ = get(port, home, **{"Accept-Encoding": "gzip"})
        assert compressed.headers["Content-Encoding"] == "gzip"
        for asked in (
            (f"{home}?page=1", {}),
            (home, {"Cookie": "gk_lang=en"}),
            (home, {"Cookie": "a=b; gk_session=x"}),
            (home, {"Cookie": "remember_token=x"}),
            (home, {"Host": "localhost"}),
        ):
            assert b"out of a file" not in get(port, asked[0], **asked[1])[1], asked
        assert get(port, home, method="POST")[0].status == 405


def test_nginx_sends_nothing_that_has_changed(settings, app, tree, tmp_path):
    home = url_for("portal.home", place=tree.town)
    with serve_behind_nginx(settings, tmp_path / "nginx") as port:
        tags = set()
        for number in range(3):
            write(tree.town.division_code)
            assert sent(tree.town.division_code).exists()
            answer, body = get(port, home)
            assert "Last-Modified" not in answer.headers
            assert len(answer.headers["ETag"]) < 24  # of a file: time and size
            assert body == sent(tree.town.division_code).read_bytes()
            tags.add(answer.headers["ETag"])
            publish(tree.town, f"第{number}号通知")
            assert f"第{number}号通知" in get(port, home)[1].decode()
        assert len(tags) == 3


def test_nginx_of_another_zone_sends_no_file(settings, app, tree, tmp_path):
    with serve_behind_nginx(settings, tmp_path / "nginx", zone="Etc/UTC") as port:
        write("990111")
        for day in (today().isoformat(), "none"):
            copy = sent("990111").parents[1] / day
            copy.mkdir(exist_ok=True)
        sent("990111").write_bytes(b"<p>out of a file</p>")
        assert b"out of a file" not in get(port, url_for("portal.home"))[1]
