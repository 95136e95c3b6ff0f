from __future__ import annotations

import contextlib
import socket
import sys
import threading

import pytest

from sync_server.errors import SetupError
from sync_server.http.runner import HANDLES, listen, make_server, take_handles


def test_a_taken_port_is_named() -> None:
    with contextlib.closing(listen("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(SetupError, match=str(port)):
            listen("127.0.0.1", port)


def test_an_answer_does_not_wait_for_an_acknowledgement_between_its_parts() -> None:
    delays = []

    async def app(scope, receive, send):
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"ok"})

    listener = listen("127.0.0.1", 0)
    ready = threading.Event()
    server = make_server(app, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert ready.wait(60)
        with socket.create_connection(listener.getsockname()) as near:
            near.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert near.recv(4096)
            transports = [one.transport for one in server.server_state.connections]
            for transport in transports:
                own = transport.get_extra_info("socket")
                delays.append(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    finally:
        server.should_exit = True
        thread.join(60)
        listener.close()
    assert delays == [1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limit")
def test_the_server_takes_the_handles_that_it_may_have() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        for soft in (256, 512):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, before[1]))
            take_handles()
            now = resource.getrlimit(resource.RLIMIT_NOFILE)
            assert now[1] == before[1]
            assert now[0] == HANDLES or now[0] == now[1] < HANDLES
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
