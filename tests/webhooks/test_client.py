"""One request: a real exchange, held to a time and to the headers of the answer."""

import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from core.webhooks import client
from core.webhooks.client import DeliveryError, post
from core.webhooks.domain.addresses import parse_targets

LOOPBACK = parse_targets("127.0.0.1")


@contextmanager
def answering(talk):
    """The address of a server that does `talk(connection)` once."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            connection, _peer = listening.accept()
            with connection, suppress(OSError):
                connection.recv(65536)
                talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join(5)
        assert not thread.is_alive()


def drip(connection):
    """Send a byte of a header now and then, for longer than anybody waits."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(400):
        connection.sendall(b".")
        time.sleep(0.02)


def flood(connection):
    """Say that it was taken, and never stop talking."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def test_a_receiver_that_never_ends_its_headers_is_left(monkeypatch):
    monkeypatch.setattr(client, "EXCHANGE_SECONDS", 0.3)
    ended = threading.Event()

    def drip_to_the_end(connection):
        drip(connection)
        ended.set()

    with answering(drip_to_the_end) as url, pytest.raises(DeliveryError):
        post(url, b"{}", {}, LOOPBACK)
    assert not ended.is_set()  # it was left in the middle


def test_a_receiver_that_says_nothing_is_left(monkeypatch):
    monkeypatch.setattr(client, "EXCHANGE_SECONDS", 0.3)
    silence = threading.Event()
    with answering(lambda _connection: silence.wait(3)) as url:
        with pytest.raises(DeliveryError):
            post(url, b"{}", {}, LOOPBACK)
        silence.set()


def test_of_an_endless_answer_only_the_status_is_read():
    with answering(flood) as url:
        post(url, b"{}", {}, LOOPBACK)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 500 no\r\n\r\n", b"HTTP/1.1 301 x\r\nLocation: http://127.0.0.1/\r\n\r\n",
        b"nonsense\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
)  # fmt: skip
def test_anything_but_a_success_is_a_failure(answer):
    with answering(lambda connection: connection.sendall(answer)) as url:
        with pytest.raises(DeliveryError) as raised:
            post(url, b"{}", {}, LOOPBACK)
        assert "nonsense" not in str(raised.value)


def test_the_certificate_is_checked():
    """A receiver that speaks no TLS, or for another name, is told nothing."""
    with answering(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")) as url:
        with pytest.raises(DeliveryError) as raised:
            post(url.replace("http:", "https:"), b"{}", {}, LOOPBACK)
        assert isinstance(raised.value.__cause__, ssl.SSLError)


def test_what_is_typed_into_an_address_cannot_add_headers():
    seen = []

    def talk(connection):
        connection.sendall(b"HTTP/1.1 204 x\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            connection, _peer = listening.accept()
            with connection:
                seen.append(connection.recv(65536))
                talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        port = listening.getsockname()[1]
        post(f"http://127.0.0.1:{port}/路 x?q=变更", b"{}", {}, LOOPBACK)
        thread.join()
    first = seen[0].split(b"\r\n")[0]
    assert first == b"POST /%E8%B7%AF%20x?q=%E5%8F%98%E6%9B%B4 HTTP/1.1"
