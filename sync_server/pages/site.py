"""The pages over HTTP: the morning at ``/``, signing in and out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Callable, List, Optional
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sync.clock import Clock
from sync.identity import Identity
from sync_server.errors import RequestError
from sync_server.http.bodies import read_body
from sync_server.http.guessing import GuessLimit
from sync_server.http.room import Room, Visit
from sync_server.http.worker import Worker
from sync_server.pages.sessions import SESSION_MS, Sessions, use_code
from sync_server.pages.words import LANGUAGES, Words, preferred
from sync_server.store.protocol import Store

if TYPE_CHECKING:
    from sync_server.pages.titles import Titles

COOKIE, LANGUAGE_COOKIE = "keruen", "keruen-language"
MAX_FORM_BYTES = 1024
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Site:
    """The pages of one server. Templates are loaded when the first page is asked for."""

    def __init__(
        self,
        store: Store,
        identity: Identity,
        clock: Clock,
        data: Path,
        worker: Callable[[], Worker],
        guesses: GuessLimit,
        room: Room,
    ) -> None:
        self._store = store
        self._clock = clock
        self._data = data
        self._worker = worker
        self._guesses = guesses
        self._room = room
        self._sessions = Sessions(store, identity)
        self._titles: Optional[Titles] = None

    def routes(self) -> List[Route]:
        """Return what to answer, and with what."""
        return [
            Route("/", self.show, methods=["GET"]),
            Route("/login", self.sign_in, methods=["POST"]),
            Route("/logout", self.sign_out, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show the morning to who is signed in, and the question for the code to others."""
        language = _language(request)
        cookie = request.cookies.get(COOKIE)
        text = await self._worker().run(lambda: self._page(cookie, language))
        response = HTMLResponse(text, headers=_HEADERS)
        if request.query_params.get("lang") in LANGUAGES:
            _set(response, LANGUAGE_COOKIE, language)
        return response

    async def sign_in(self, request: Request) -> Response:
        """Take a code."""
        address = request.client.host if request.client else ""
        words = Words(_language(request))
        with self._room.visit(address) as visit:
            typed = await _field(request, "code", visit)
        now_ms = self._clock.now_ms()
        try:
            async with self._guesses.turn(address):
                if not await self._worker().run(lambda: use_code(self._store, typed, now_ms)):
                    self._guesses.failed(address)
                    return self._refused(words, words("code_wrong"), 403)
        except RequestError:
            wait_s = self._guesses.wait_s(address)
            return self._refused(words, words("code_wait", s=wait_s), 429)
        response = RedirectResponse(".", 303, headers=_HEADERS)
        value = await self._worker().run(lambda: self._sessions.cookie(now_ms))
        _set(response, COOKIE, value)
        return response

    async def sign_out(self, _: Request) -> Response:
        """Forget who is signed in, in this browser."""
        response = RedirectResponse(".", 303, headers=_HEADERS)
        response.delete_cookie(COOKIE, path="/")
        return response

    def _page(self, cookie: Optional[str], language: str) -> str:
        from sync_server.pages.morning import look
        from sync_server.pages.page import login_page, morning_page
        from sync_server.pages.titles import Titles

        self._titles = self._titles or Titles(self._data / "repositories")
        now_ms = self._clock.now_ms()
        if not self._sessions.is_good(cookie, now_ms):
            return login_page(language, str(self._data))
        return morning_page(look(self._store, self._data, now_ms, self._titles), language)

    def _refused(self, words: Words, sentence: str, status: int) -> Response:
        from sync_server.pages.page import login_page

        text = login_page(words.language, str(self._data), sentence)
        return HTMLResponse(text, status, headers=_HEADERS)


def _language(request: Request) -> str:
    for wished in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wished in LANGUAGES:
            return str(wished)
    return preferred(request.headers.get("accept-language", ""))


def _set(response: Response, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=SESSION_MS // 1000, path="/", httponly=True, samesite="strict"
    )


async def _field(request: Request, name: str, visit: Visit) -> str:
    """Return a field of a short form; nothing of a longer one."""
    try:
        body = await read_body(request, MAX_FORM_BYTES, visit)
    except RequestError:
        return ""
    fields = parse_qs(body.decode("utf-8", "replace"))
    return fields.get(name, [""])[0]
