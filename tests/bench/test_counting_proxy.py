from __future__ import annotations

import http.client
import http.server
import threading

import pytest

from tests.bench.counting_proxy import Count, CountingProxy


class _Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response_only(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def echo():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address
        server.shutdown()
        thread.join()


def _post(connection, body):
    connection.request("POST", "/x", body, headers={"Host": "h"})
    return connection.getresponse().read()


def test_counts_every_byte_and_request_of_a_kept_connection(echo):
    with CountingProxy(echo) as proxy:
        connection = http.client.HTTPConnection(proxy.address[len("http://") :])
        bodies = [b"a" * size for size in (1, 5000, 200_000)]
        assert [_post(connection, body) for body in bodies] == bodies
        connection.close()
    heads = sum(
        len(
            f"POST /x HTTP/1.1\r\nAccept-Encoding: identity\r\nContent-Length: {len(body)}\r\n"
            "Host: h\r\n\r\n"
        )
        for body in bodies
    )
    answers = sum(len(f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n\r\n") for body in bodies)
    payload = sum(map(len, bodies))
    assert proxy.count == Count(payload + heads, payload + answers, connections=1, requests=3)


def test_reset_counts_from_zero_on_the_same_connection(echo):
    with CountingProxy(echo) as proxy:
        connection = http.client.HTTPConnection(proxy.address[len("http://") :])
        _post(connection, b"first")
        proxy.reset()
        assert proxy.count.total_bytes == 0
        _post(connection, b"second")
        connection.close()
    assert proxy.count.requests == 1
    assert proxy.count.connections == 0


def test_an_unplugged_line_carries_nothing_until_it_is_plugged_in(echo):
    with CountingProxy(echo) as proxy:
        proxy.unplug()
        connection = http.client.HTTPConnection(proxy.address[len("http://") :])
        with pytest.raises((http.client.HTTPException, OSError)):
            _post(connection, b"x")
        connection.close()
        assert proxy.count == Count()
        proxy.plug()
        assert _post(connection, b"x") == b"x"
        connection.close()


def test_a_dead_target_ends_the_connection_and_not_the_proxy():
    with CountingProxy(("127.0.0.1", 9)) as proxy:
        connection = http.client.HTTPConnection(proxy.address[len("http://") :])
        with pytest.raises((http.client.HTTPException, OSError)):
            _post(connection, b"x")
        connection.close()
    assert proxy.count.total_bytes == 0
