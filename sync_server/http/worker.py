"""One thread in which all that touches the store happens, one piece of work after another."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, TypeVar

Result = TypeVar("Result")


class Worker:
    """Keeps disk syncs off the event loop, and writers off each other."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def run(self, work: Callable[[], Result]) -> Result:
        """Run ``work`` in the thread; what it returns or raises comes back."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def close(self) -> None:
        """Finish what was begun."""
        self._executor.shutdown(wait=True)
