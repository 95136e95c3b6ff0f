"""The command ``keruen space``: what takes room on this laptop, by pack and by person."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Dict, Optional, Union

from client.laptop.laptop import Laptop
from client.laptop.syncing.link_words import megabytes
from client.messages import Message, Messages

if TYPE_CHECKING:
    from client.laptop.space import PackSpace, PersonSpace, Space


def add_space_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    commands.add_parser("space", help="tell what takes room here, by pack and by person")


def run_space(laptop: Laptop, messages: Messages) -> Dict[str, Any]:
    """Measure, and tell it for scripts."""
    from client.laptop.space import measure

    space = measure(laptop.store, laptop.library)
    return {
        "sentence": messages.text(summary(space)),
        **asdict(space),
        "packs": [_sized(one) for one in space.packs],
        "people": [{**_sized(one), "leaves_ms": _or_none(one.leaves_ms)} for one in space.people],
    }


def summary(space: Space) -> Message:
    """Say it in one sentence."""
    return Message(
        "space.sum",
        {
            "packs": megabytes(sum(one.size_bytes for one in space.packs) + space.coming_bytes),
            "work": megabytes(space.database_bytes + space.files_bytes),
            "free": megabytes(space.free_bytes),
        },
    )


def _sized(one: Union[PackSpace, PersonSpace]) -> Dict[str, Any]:
    return {**asdict(one), "size_bytes": one.size_bytes}


def _or_none(time_ms: int) -> Optional[int]:
    return time_ms or None
