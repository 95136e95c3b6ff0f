"""The server as an ASGI application.

============================================  ====================================================
``POST /exchange``                            an exchange message, answered by one
``POST /relay``                               a relay's message, answered by one
``POST /enrol``                               an enrolment request, answered by its answer
``POST /letter``                              a laptop's letter, brought by another; a reply
``POST /attachments``                         an offer of attached files (see attachment_road)
``/attachments/<name>``                       one of them, sent or fetched in parts
``GET /repository/<publisher>/...``           catalogues, manifests and objects, with ranges
``GET /``                                     the page of the morning (see pages)
``GET /healthz``                              200 when the store answers
``GET /metrics``                              numbers for Prometheus
============================================  ====================================================

Every error is a status from 400 on and the JSON object ``{"code": ...}``.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import AsyncIterator, Awaitable, Callable, Mapping, Optional, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sync.clock import Clock
from sync.errors import EnrolmentError, SyncError
from sync.message import MAX_MESSAGE_BYTES
from sync_server.attachments import attachments
from sync_server.attachments.attachments import AttachmentService
from sync_server.attachments.road import AttachmentRoad
from sync_server.attachments.uploads import AttachmentFiles
from sync_server.data_folder import DataFolder
from sync_server.disk.keeper import Keeper
from sync_server.errors import RequestError
from sync_server.exchanges.exchanges import (
    DEVICE_LIMIT,
    DEVICE_RATE_PER_S,
    Answered,
    ExchangeService,
)
from sync_server.exchanges.waiting import WaitingLine
from sync_server.http.bodies import read_body
from sync_server.http.buckets import Buckets
from sync_server.http.files import Files
from sync_server.http.guessing import GuessLimit
from sync_server.http.metrics import CONTENT_TYPE, CountRequests, Metrics
from sync_server.http.room import Room
from sync_server.http.worker import Worker
from sync_server.pages.site import Site
from sync_server.people.enrolments import EnrolmentService
from sync_server.relay.background import Background, watch_relay
from sync_server.relay.planning import waiting_records
from sync_server.relay.upstream import RelayService
from sync_server.school_clock import SchoolClock
from sync_server.sticks.answering import LetterService
from sync_server.sticks.watching import Watching
from sync_server.store.protocol import Store

MAX_ENROLMENT_BYTES = 8 * 1024
MAX_POSTED_BYTES = 8 << 20
"""A letter that somebody posts: years of one laptop. A larger one comes by stick."""
POST_LIMIT = 200
"""Letters that one address may post at once: the bags of three teachers behind one router."""
POST_RATE_PER_S = 2.0
MAX_WAITING_RELAYS = 32
"""Servers below that wait at once. With a week's work each call takes half a second, and none may
wait as long as a connection bears to: what was done for those who have hung up is done again."""
RELAYS_BUSY_S = 30
_GUESSED = frozenset(("enrolment-code-unknown", "enrolment-unreadable"))
BUSY_S = 5
_STATUS: Mapping[str, int] = {
    "message-too-large": 413,
    "device-unknown": 403,
    "device-elsewhere": 403,
    "message-forged": 403,
    "enrolment-code-unknown": 403,
    "enrolment-code-used": 403,
    "enrolment-code-other": 403,
    "enrolment-unreadable": 403,
}


class Endpoints:
    """What is answered by code rather than by files."""

    def __init__(
        self,
        exchanges: ExchangeService,
        enrolments: EnrolmentService,
        relays: RelayService,
        letters: LetterService,
        store: Store,
        guesses: GuessLimit,
        posts: Buckets,
        metrics: Metrics,
    ) -> None:
        self.worker = Worker()
        self.room = Room()
        self.waiting_relays = 0
        self.line = WaitingLine(self.worker, self._answer_all)
        self._exchanges = exchanges
        self._enrolments = enrolments
        self._relays = relays
        self._letters = letters
        self._store = store
        self._guesses = guesses
        self._posts = posts
        self._metrics = metrics
        metrics.watch("keruen_waiting_exchanges", "Exchanges in line", lambda: self.line.length)
        metrics.watch("keruen_waiting_relays", "Servers below in line", lambda: self.waiting_relays)
        metrics.watch(
            "keruen_room_taken_ratio",
            "Part of the memory for requests that is taken",
            lambda: self.room.fullness,
        )

    def _answer_all(self, bodies: Sequence[bytes]) -> Sequence[Answered]:
        self._metrics.group_size.observe(len(bodies))
        return self._exchanges.exchange_all(bodies)

    async def exchange(self, request: Request) -> Response:
        """Answer an exchange."""
        address = _address(request)
        with self.room.visit(address) as visit:
            body = await read_body(request, MAX_MESSAGE_BYTES, visit)
            with self._metrics.exchange_seconds.time():
                return Response(await self.line.answer(address, body))

    async def relay(self, request: Request) -> Response:
        """Answer a server below, unless many are waiting already."""
        with self.room.visit(_address(request)) as visit:
            body = await read_body(request, MAX_MESSAGE_BYTES, visit)
            if self.waiting_relays >= MAX_WAITING_RELAYS:
                raise RequestError("server-busy", 429, {"Retry-After": str(RELAYS_BUSY_S)})
            self.waiting_relays += 1
            try:
                return Response(await self.worker.run(partial(self._relays.relay, body)))
            finally:
                self.waiting_relays -= 1

    async def enrol(self, request: Request) -> Response:
        """Answer an enrolment, unless its address has guessed too often."""
        address = _address(request)
        self._guesses.check(address)
        with self.room.visit(address) as visit:
            body = await read_body(request, MAX_ENROLMENT_BYTES, visit)
        async with self._guesses.turn(address):
            try:
                return Response(await self.worker.run(partial(self._enrolments.enrol, body)))
            except EnrolmentError as error:
                if error.code != "enrolment-code-used":
                    self._guesses.failed(address)
                raise

    async def letter(self, request: Request) -> Response:
        """Answer a letter; the reply's name on a stick ends with the number in its head."""
        address = _address(request)
        self._guesses.check(address)
        wait_s = self._posts.take(address)
        if wait_s:
            raise RequestError("server-busy", 429, {"Retry-After": str(wait_s)})
        with self.room.visit(address) as visit:
            body = await read_body(request, MAX_POSTED_BYTES, visit)
            async with self._guesses.turn(address):
                posted = await self.worker.run(partial(self._letters.post, body))
                if set(posted.codes) & _GUESSED:
                    self._guesses.failed(address)
        return Response(posted.letter, headers={"Letter-Number": str(posted.number)})

    async def healthz(self, _: Request) -> Response:
        """Tell whether the store answers."""
        await self.worker.run(self._touch)
        return Response()

    async def metrics(self, _: Request) -> Response:
        """Return the numbers for Prometheus."""
        counts = await self.worker.run(self._counts)
        return Response(self._metrics.text(counts), headers={"Content-Type": CONTENT_TYPE})

    def _touch(self) -> None:
        with self._store.transaction() as transaction:
            transaction.last_serial()

    def _counts(self) -> Mapping[str, int]:
        with self._store.transaction() as transaction:
            waiting = sum(waiting_records(transaction, u.id) for u in transaction.upstreams())
            return {**transaction.counts(), "waiting_for_upstream": waiting}


class _Answering:
    """An endpoint without what Starlette puts around a function: 2 kB less for each who waits."""

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)


def create_app(
    data_folder: Path,
    clock: Optional[Clock] = None,
    monotonic_s: Callable[[], float] = time.monotonic,
    relays: Sequence[Background] = (),
    sticks: Optional[Watching] = None,
    keeper: Optional[Keeper] = None,
) -> Starlette:
    """Return the application for a data folder made by ``keruen-server init``.

    What is given to relay, to watch for ``sticks`` or to keep room on the disk runs as long as it
    does.

    Raises:
        DataFolderError: it is no data folder, or damaged.
    """
    folder = DataFolder(data_folder)
    identity = folder.identity()
    store = folder.open_store()
    clock = clock or (relays[0].clock if relays else SchoolClock(store))
    pace = Buckets(DEVICE_LIMIT, DEVICE_RATE_PER_S, monotonic_s)

    metrics = Metrics()
    files = AttachmentService(
        store,
        identity,
        clock,
        AttachmentFiles(folder.attachments),
        Buckets(attachments.DEVICE_LIMIT, attachments.DEVICE_RATE_PER_S, monotonic_s),
    )
    files.reconcile()
    # Letters count nobody's requests: one may hold a year of them.
    unpaced = AttachmentService(store, identity, clock, files.files)
    letters = LetterService(store, identity, clock, unpaced)
    endpoints = Endpoints(
        ExchangeService(store, identity, clock, pace),
        EnrolmentService(store, identity, clock),
        RelayService(store, identity, clock, pace),
        letters,
        store,
        GuessLimit(monotonic_s),
        Buckets(POST_LIMIT, POST_RATE_PER_S, monotonic_s),
        metrics,
    )
    road = AttachmentRoad(files, endpoints.worker, endpoints.room)
    metrics.watch("keruen_uploads", "Attached files that are coming", lambda: road.uploads)

    site = Site(
        store,
        identity,
        clock,
        folder.root,
        lambda: endpoints.worker,
        GuessLimit(monotonic_s),
        endpoints.room,
    )
    for relay in relays:
        watch_relay(metrics, relay)
    if sticks is not None:
        metrics.watch("keruen_stick_visits", "Visits of sticks", lambda: sticks.visits)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        for relay in relays:
            relay.start()
        if sticks is not None:
            sticks.start()
        if keeper is not None:
            keeper.start()
        yield
        if keeper is not None:
            keeper.stop()
        if sticks is not None:
            sticks.stop()
        for relay in relays:
            relay.stop()
        endpoints.worker.close()
        store.close()

    return Starlette(
        routes=[
            Route("/exchange", _Answering(endpoints.exchange), methods=["POST"]),
            Route("/relay", endpoints.relay, methods=["POST"]),
            Route("/enrol", endpoints.enrol, methods=["POST"]),
            Route("/letter", endpoints.letter, methods=["POST"]),
            Route("/attachments", road.offer, methods=["POST"]),
            Route("/attachments/{name}", road, methods=["GET", "HEAD", "PATCH"]),
            *site.routes(),
            Route("/healthz", endpoints.healthz),
            Route("/metrics", endpoints.metrics),
            Route("/repository/{path:path}", Files(folder.repositories), methods=["GET"]),
        ],
        middleware=[Middleware(CountRequests, metrics=metrics)],
        lifespan=lifespan,
        exception_handlers={
            RequestError: _refused_request,
            SyncError: _refused_message,
            HTTPException: _refused_route,
            sqlite3.OperationalError: partial(_busy, keeper),
        },
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _error(code: str, status: int, headers: Optional[Mapping[str, str]] = None) -> Response:
    return JSONResponse({"code": code}, status, headers)


async def _refused_request(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)  # noqa: S101 - as it was registered
    return _error(error.code, error.status, error.headers)


async def _refused_message(_: Request, error: Exception) -> Response:
    assert isinstance(error, SyncError)  # noqa: S101 - as it was registered
    return _error(error.code, _STATUS.get(error.code, 400))


async def _refused_route(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as it was registered
    code = "method" if error.status_code == 405 else "not-found"
    return _error(code, error.status_code, error.headers)


async def _busy(keeper: Optional[Keeper], _: Request, error: Exception) -> Response:
    # A full disk or a lock held for long: both may pass, and nothing was answered as received.
    if keeper is not None and _is_full(error):
        keeper.full()
    return _error("server-busy", 503, {"Retry-After": str(BUSY_S)})


def _is_full(error: Exception) -> bool:
    # SQLITE_FULL, and what the system says where the log cannot grow (SQLITE_IOERR_WRITE).
    return any(word in str(error) for word in ("full", "disk I/O error"))
