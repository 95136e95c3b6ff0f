"""The consent to sync this school's sticks without a question whenever one is put in.

It is given once, on one laptop, by whoever uses it for the school; a stick of another school is
asked about every time all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from client.laptop.store import Store

if TYPE_CHECKING:
    from sync.sticks.volume import Volume

_SETTING = "sticks.consent"
_ALWAYS = "always"


def consent(store: Store) -> bool:
    """Tell whether sticks of this school are synced without a question."""
    return store.setting(_SETTING) == _ALWAYS


def give_consent(store: Store, given: bool) -> None:
    """Sync sticks of this school without a question from now on, or ask again."""
    store.keep_settings({_SETTING: _ALWAYS if given else ""})


def is_of_school(store: Store, volume: Volume) -> bool:
    """Tell whether letters of this laptop's school lie on a stick.

    Raises StickError where the stick cannot be read.
    """
    from sync.sticks.layout import MAIL

    return school_of(store) in volume.names(MAIL)


def school_of(store: Store) -> str:
    """Name this laptop's school as sticks do. Raises LaptopError ``not-enrolled``."""
    from sync.sticks.layout import school_name

    store.enrolled()
    return school_name(store.server().id_bytes)
