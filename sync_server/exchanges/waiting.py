"""The line in which exchanges wait for the store, and from which they are taken in groups.

A commit waits for the disk, and as many exchanges as wait meanwhile share the next one. Addresses
take turns: whoever sends much waits behind those who send little.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from functools import partial
from typing import Callable, Deque, List, NamedTuple, Optional, Sequence

from sync_server.exchanges.exchanges import Answered
from sync_server.http.worker import Worker

MAX_GROUP = 64
"""Exchanges in one commit: enough that syncing the disk hardly counts, few enough to be quick."""


class _Waiting(NamedTuple):
    body: bytes
    answered: asyncio.Future[bytes]


class WaitingLine:
    """Hands bodies to ``answer_all`` in the worker's thread. Used from one event loop."""

    def __init__(
        self, worker: Worker, answer_all: Callable[[Sequence[bytes]], Sequence[Answered]]
    ) -> None:
        self._worker = worker
        self._answer_all = answer_all
        self._turns: OrderedDict[str, Deque[_Waiting]] = OrderedDict()
        self._serving: Optional[asyncio.Task[None]] = None
        self.length = 0

    async def answer(self, address: str, body: bytes) -> bytes:
        """Wait for a body's turn and return its answer, or raise its error."""
        waiting = _Waiting(body, asyncio.get_running_loop().create_future())
        self._turns.setdefault(address, deque()).append(waiting)
        self.length += 1
        if self._serving is None:
            self._serving = asyncio.create_task(self._serve())
        return await waiting.answered

    async def _serve(self) -> None:
        try:
            while self._turns:
                await self._serve_group(self._next_group())
        finally:
            self._serving = None

    async def _serve_group(self, group: Sequence[_Waiting]) -> None:
        work = partial(self._answer_all, [waiting.body for waiting in group])
        try:
            answers = await self._worker.run(work)
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits to hear of it
            answers = [error] * len(group)
        for waiting, answer in zip(group, answers):
            if waiting.answered.done():
                continue
            if isinstance(answer, Exception):
                waiting.answered.set_exception(answer)
            else:
                waiting.answered.set_result(answer)

    def _next_group(self) -> List[_Waiting]:
        """Take one from each address in turn."""
        group: List[_Waiting] = []
        while self._turns and len(group) < MAX_GROUP:
            address, own = self._turns.popitem(last=False)
            group.append(own.popleft())
            if own:
                self._turns[address] = own
        self.length -= len(group)
        return group
