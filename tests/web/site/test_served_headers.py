"""Over real gunicorn workers on loopback: what a client sends changes nothing that it may not."""

from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from core.testing.serving import serve_installation

FORGED = {
    "SCRIPT_NAME": "//evil.example",
    "Script-Name": "//evil.example",
    "PATH_INFO": "/nothing/",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Ssl": "on",
    "X-Forwarded-Protocol": "ssl",
    "X-Original-URL": "/nothing/",
    "X-Rewrite-URL": "/nothing/",
    "Forwarded": "host=evil.example;proto=https",
}


def get(url, path, **headers):
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=60)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()


@pytest.mark.parametrize("proxies", ["0", "1"])
def test_forged_headers_are_not_believed(settings, tree, proxies):
    code = tree.county.division_code
    environment = {"GONGKAI_TRUSTED_PROXIES": proxies}
    with serve_installation(settings, workers=1, environment=environment) as served:
        plain = get(served.url, f"/{code}/")
        assert plain[0] == 200
        for name, value in FORGED.items():
            status, headers, body = get(served.url, f"/{code}/", **{name: value})
            assert (status, body) == (200, plain[2]), name
            status, headers, body = get(served.url, "/sign-in/", **{name: value})
            assert status == 200, name
            assert "evil" not in body + str(headers), name
        # The scheme is believed from a configured proxy only.
        forwarded = {"X-Forwarded-Proto": "https", "Host": "a.example"}
        refused = get(served.url, f"/{code}", **forwarded)
        assert refused[1]["Location"] == f"/{code}/"


def test_static_files_are_not_sniffed(settings, tree):
    with serve_installation(settings, workers=1) as served:
        _, _, page = get(served.url, f"/{tree.county.division_code}/")
        style = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
        status, headers, _ = get(served.url, style)
        assert (status, headers["X-Content-Type-Options"]) == (200, "nosniff")
