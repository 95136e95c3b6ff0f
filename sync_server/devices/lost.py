"""Laptops that are lost: the server takes nothing from them and tells them nothing.

A laptop's own keys lie on its disk unlocked, since it sends while everybody is away. Whoever has
the disk could ask the server for all that the laptop's people wrote and were told.
"""

from __future__ import annotations

from typing import Optional, Protocol, Sequence

from sync_server.errors import SetupError
from sync_server.store.model import Device
from sync_server.store.protocol import Transaction

_SETTING = "lost."


class Settings(Protocol):
    """What is asked of the store."""

    def setting(self, name: str) -> Optional[str]:
        """Look a setting up."""


def is_lost(settings: Settings, device_id: str) -> bool:
    """Tell whether a laptop is lost."""
    return bool(settings.setting(_SETTING + device_id))


def spoken_to(transaction: Transaction, device_id: str) -> Optional[Device]:
    """Return a laptop with which this server speaks: one that is enrolled here and not lost."""
    return None if is_lost(transaction, device_id) else transaction.device(device_id)


def note(transaction: Transaction, device_id: str, lost: bool) -> None:
    """Note that a laptop is lost, or found."""
    transaction.set_setting(_SETTING + device_id, "yes" if lost else "")


def called(transaction: Transaction, words: str) -> Device:
    """Find a laptop by its name, or by its id or how that begins.

    Raises:
        SetupError: none is called so, or several are.
    """
    devices = transaction.devices()
    found = [one for one in devices if one.name == words] or [
        one for one in devices if words and one.id.startswith(words)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise SetupError(f"There is no laptop {words} here. There are: {_listed(devices)}.")
    raise SetupError(f"Several laptops are called {words}: name one by its id. {_listed(found)}.")


def _listed(devices: Sequence[Device]) -> str:
    return ", ".join(f"{one.name} ({one.id})" for one in devices) or "none"
