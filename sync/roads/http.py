"""The road over HTTP: exchanges, enrolment and objects, with few bytes around them.

Request headers are only those without which a server cannot answer. The time limit is on standing
still, not on the whole: a slow link is a good link. Proxies come from the environment. What answers
need not be our server: a network's login page answers 200 too, so nothing counts as an answer that
does not look like one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, Optional, Tuple

from sync.errors import LinkError, MessageError, ObjectError, SyncError
from sync.link.pace import NO_PACE, Pace
from sync.message import MAGIC, MAX_MESSAGE_BYTES
from sync.objects import Download, ObjectSpec
from sync.roads.address import server_address
from sync.roads.answers import error_of, read_bounded, translated
from sync.roads.flow import Flow
from sync.roads.road import Cancel, Progress
from sync.roads.wish import FileWish, is_here, take_object

if TYPE_CHECKING:
    from sync.roads.counting import Sockets, Traffic
    from sync.roads.line import Line
    from sync.roads.patience import Patience
    from sync.roads.uploading import Attachments

CONNECT_TIMEOUT_S = 20.0
STALL_TIMEOUT_S = 45.0
_PART_BYTES, _MOST_SMALL_PARTS = 1 << 16, 16
"""Who gives an object in smaller parts, one request each, would never come to its end."""


class HttpRoad:
    """A road to one server, for one thread; ``close`` it, or use it as a context manager.

    ``requests``, ``sent_bytes`` and ``received_bytes`` count all that went over it: TCP payload,
    headers included.
    """

    def __init__(
        self,
        base_url: str,
        *,
        stall_timeout_s: float = STALL_TIMEOUT_S,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        pace: Pace = NO_PACE,
        flow: Optional[Flow] = None,
        traffic: Optional[Traffic] = None,
        direct: bool = False,
        patience: Optional[Patience] = None,
    ) -> None:
        """Take the server's address as typed.

        ``pace`` is told of what is fetched and downloaded, never of exchanges. What is known of the
        link already comes as ``flow``, and what to count into as ``traffic``. ``direct`` goes past
        any proxy: those lead out of the network. ``patience`` says that it leads to
        a stranger: what comes too slowly ends, and where it ends nothing unverified is kept.

        Raises:
            EnrolmentError: ``address-invalid``.
        """
        from sync.roads.counting import Sockets, Traffic

        self.base_url = server_address(base_url)
        self.flow = flow or Flow()
        self.traffic = traffic or Traffic()
        self.pace = pace
        self._sockets = Sockets(self.traffic, self.flow, patience)
        self._session = _bare_session(self._sockets)
        self.direct = direct
        self.connect_timeout_s = min(connect_timeout_s, stall_timeout_s)
        self._stall_timeout_s = stall_timeout_s

    def __enter__(self) -> HttpRoad:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def abort(self) -> None:
        """End what is on its way, from any thread: it fails with ``link-lost``."""
        self._sockets.abort()

    @property
    def direct(self) -> bool:
        """Whether it goes past any proxy."""
        return not self._session.trust_env

    @direct.setter
    def direct(self, direct: bool) -> None:
        self._session.trust_env = not direct

    @property
    def patience(self) -> Optional[Patience]:
        """What is borne of a stranger; None where it leads to somebody who is known."""
        return self._sockets.patience

    @patience.setter
    def patience(self, patience: Optional[Patience]) -> None:
        self._sockets.patience = patience

    @property
    def _timeouts_s(self) -> Tuple[float, float]:
        return self.connect_timeout_s, self._stall_timeout_s

    def line(self) -> Optional[Line]:
        """Give a line to the server; None where requests go through a proxy, or under TLS."""
        import requests.utils

        from sync.roads.line import Line

        proxies = requests.utils.get_environ_proxies(self.base_url, no_proxy=None)
        proxied = requests.utils.select_proxy(self.base_url, proxies)
        plain = self.base_url.startswith("http://") and self.base_url.isascii()
        if (proxied and not self.direct) or not plain:
            return None
        return Line(self.base_url, self._sockets, self._timeouts_s)

    def twin(self) -> HttpRoad:
        """Give another connection to the same server, for another thread; both count together."""
        return HttpRoad(
            self.base_url,
            stall_timeout_s=self._stall_timeout_s,
            connect_timeout_s=self.connect_timeout_s,
            pace=self.pace,
            flow=self.flow,
            traffic=self.traffic,
            direct=self.direct,
            patience=self.patience.anew() if self.patience else None,
        )

    @property
    def requests(self) -> int:
        """How many requests were made."""
        return self.traffic.requests

    @property
    def sent_bytes(self) -> int:
        """How many bytes were sent."""
        return self.traffic.sent_bytes

    @property
    def received_bytes(self) -> int:
        """How many bytes were received."""
        return self.traffic.received_bytes

    def exchange(self, request: bytes) -> bytes:
        """Carry an exchange request to the server and bring its answer.

        Raises:
            LinkError: the road failed, or something else than the server answered.
            RefusedError: the server answered with an error code.
            MessageError: ``message-too-large``.
        """
        return self._post("/exchange", request)

    def relay(self, request: bytes) -> bytes:
        """Carry a relay's request to its upstream and bring its answer.

        Raises:
            LinkError, RefusedError, MessageError: as ``exchange`` does.
        """
        return self._post("/relay", request)

    def enrol(self, request: bytes) -> bytes:
        """Carry an enrolment request to the server and bring its answer.

        Raises:
            LinkError, RefusedError, MessageError: as ``exchange`` does.
            EnrolmentError: the server refused the code.
        """
        return self._post("/enrol", request)

    def letter(self, data: bytes) -> Tuple[bytes, int]:
        """Carry somebody's letter to the server; bring the reply and its number on sticks.

        Raises:
            LinkError, RefusedError, MessageError: as ``exchange`` does.
        """
        from sync.sticks.letter import MAX_LETTER_BYTES

        with self.ask("POST", "/letter", data, {}) as answer:
            reply = _message_of(answer, MAX_LETTER_BYTES)
            number = answer.headers.get("Letter-Number", "")
        return reply, int(number) if number.isdecimal() and len(number) <= 8 else 0

    def offer(self, request: bytes) -> bytes:
        """Carry an offer of attached files to the server and bring its answer.

        Raises:
            LinkError, RefusedError, MessageError: as ``exchange`` does.
        """
        return self._post("/attachments", request)

    @property
    def attachments(self) -> Attachments:
        """Attached files over this road."""
        from sync.roads.uploading import Attachments

        return Attachments(self)

    def keep_send_queue(self, size_bytes: int) -> None:
        """Let no more than about ``size_bytes`` wait in the system to be sent."""
        self._sockets.keep_send_queue(size_bytes)

    def fetch(self, path: str, max_bytes: int) -> bytes:
        """Return a small file of at most ``max_bytes`` whose path begins with a slash.

        Raises:
            LinkError: the road failed, or something else than the server answered.
            ObjectError: ``object-missing``, or ``object-size`` when it is larger.
        """
        wish = FileWish(path, max_bytes)
        with self.ask("GET", path, None, wish.open() or {}) as answer:
            data = wish.take(answer, self.pace)
        assert data is not None  # noqa: S101 - a file's wish brings bytes
        return data

    def download(
        self,
        spec: ObjectSpec,
        part_path: Path,
        final_path: Path,
        *,
        repository: str,
        progress: Optional[Progress] = None,
        cancel: Optional[Cancel] = None,
    ) -> None:
        """Bring an object to ``final_path``, going on where an earlier call stopped.

        What arrived lies at ``part_path`` until the object is whole.
        ``repository`` is the path or URL of the publisher's folder (``/repository/<key id>``).
        ``progress`` hears the bytes that are here and the size. ``cancel`` is asked often.

        Raises:
            LinkError: the road failed; call again to go on.
            ObjectError: this source does not have the object, or the disk failed.
            CancelledError: ``cancel`` said so; call again to go on.
        """
        if is_here(spec, final_path):
            return
        path = f"{repository}/objects/{spec.sha256[:2]}/{spec.sha256}"
        with Download(spec, part_path) as download:
            try:
                with self.flow.transfer(spec.size_bytes - download.position_bytes):
                    self._complete(download, path, progress, cancel)
            except SyncError:
                if self.patience is not None:
                    download.close_verified()
                raise
            download.finish(final_path)

    def _complete(
        self,
        download: Download,
        path: str,
        progress: Optional[Progress],
        cancel: Optional[Cancel],
    ) -> None:
        damaged_at = -1
        small_parts = 0
        while not download.complete:
            from_bytes = download.position_bytes
            try:
                self._continue(download, path, progress, cancel)
            except ObjectError as error:
                # One bad piece may be the link's; the same one twice is the source's.
                if error.code != "object-damaged" or damaged_at == download.position_bytes:
                    raise
                damaged_at = download.position_bytes
            small_parts += abs(download.position_bytes - from_bytes) < _PART_BYTES
            if small_parts > _MOST_SMALL_PARTS:
                raise LinkError("link-altered", "an object in crumbs")

    def _continue(
        self,
        download: Download,
        path: str,
        progress: Optional[Progress],
        cancel: Optional[Cancel],
    ) -> None:
        """Make one request for what is missing and write what it brings."""
        headers = {"Accept-Encoding": "identity"}
        if download.position_bytes:
            headers["Range"] = f"bytes={download.position_bytes}-"
        with self.ask("GET", path, None, headers) as answer:
            take_object(download, answer, self.pace, progress, cancel)

    def _post(self, path: str, body: bytes) -> bytes:
        with self.ask("POST", path, body, {}) as answer:
            return _message_of(answer, MAX_MESSAGE_BYTES)

    def ask(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Any:
        """Make a request and return the answer as ``requests`` has it, its body still to come.

        Raises:
            LinkError: the road failed.
        """
        url = path if "://" in path else self.base_url + path
        with translated():
            return self._session.request(
                method,
                url,
                data=body,
                headers=dict(headers),
                timeout=self._timeouts_s,
                stream=True,
                allow_redirects=False,
            )


def _message_of(answer: Any, max_bytes: int) -> bytes:
    """Read a message, or a letter, which begins alike."""
    if answer.status_code != 200:
        raise error_of(answer)
    data = read_bounded(answer, max_bytes)
    if data is None:
        raise MessageError("message-too-large", f"more than {max_bytes} bytes")
    if not data:
        raise LinkError("link-lost", "an empty answer")
    if not data.startswith(MAGIC):
        raise LinkError("link-captive", "200, but not a message")
    return data


def _bare_session(sockets: Sockets) -> Any:
    """Return a session that adds no header of its own, counts and measures."""
    import requests
    from urllib3.util import SKIP_HEADER

    from sync.roads.counting import CountingAdapter

    session = requests.Session()
    session.headers.clear()
    session.headers.update({"User-Agent": SKIP_HEADER, "Accept-Encoding": SKIP_HEADER})
    adapter = CountingAdapter(sockets)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session
