"""The command ``keruen videos``: what lies here and what comes, and what is decided about it."""

from __future__ import annotations

import argparse
from typing import Any, Dict, Tuple

from client.laptop.errors import Fault
from client.laptop.laptop import Laptop
from client.laptop.problems import failure


def add_videos_parser(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("videos", help="show or choose which videos lie here and come")
    parser.add_argument(
        "--first", metavar="PACK/LESSON", action="append", help="fetch it before all others"
    )
    parser.add_argument(
        "--keep", metavar="PACK/LESSON", action="append", help="let it never go by itself"
    )
    parser.add_argument(
        "--no-keep", metavar="PACK/LESSON", action="append", help="it may go when room is short"
    )
    parser.add_argument(
        "--cancel", metavar="PACK/LESSON", action="append", help="fetch it no further"
    )
    parser.add_argument(
        "--let-go", metavar="PACK/LESSON", action="append", help="take it off the disk"
    )
    parser.add_argument(
        "--free-seen",
        action="store_true",
        help="take off the disk what all have seen and no class plan needs",
    )
    parser.add_argument(
        "--rendition",
        choices=("audio", "144p", "240p", "360p"),
        help="fetch this rendition from now on; 240p is usual",
    )
    pausing = parser.add_mutually_exclusive_group()
    pausing.add_argument("--pause", action="store_true", help="fetch no videos, only text")
    pausing.add_argument("--resume", action="store_true", help="go on after --pause")


def run_videos(laptop: Laptop, options: argparse.Namespace) -> Dict[str, Any]:
    """Do what is to be done, and return how videos stand.

    Raises LaptopError ``no-such-lesson``; then nothing is changed.
    """
    videos, known = laptop.videos, {(card.pack, card.lesson) for card in laptop.lessons()}
    acts = {
        "first": videos.ask,
        "keep": videos.keep,
        "no_keep": lambda pack, lesson: videos.keep(pack, lesson, False),
        "cancel": videos.cancel,
        "let_go": videos.let_go,
    }
    named = {name: [_lesson(one) for one in getattr(options, name) or ()] for name in acts}
    for key in {key for keys in named.values() for key in keys}:
        if key not in known:
            raise failure("no-such-lesson", Fault.YOUR_DATA, "/".join(key))
    for name, act in acts.items():
        for key in named[name]:
            act(*key)
    if options.rendition:
        videos.choose_rendition(options.rendition)
    if options.pause:
        videos.pause()
    if options.resume:
        videos.resume()
    if options.free_seen:
        videos.free_seen()
    return videos_json(laptop)


def videos_json(laptop: Laptop) -> Dict[str, Any]:
    """Return how videos stand, for scripts."""
    shelf = laptop.videos.shelf()
    duration_s = laptop.link.duration_s(shelf.to_come_bytes)
    return {
        "paused": laptop.videos.paused,
        "rendition": laptop.videos.rendition,
        "free_bytes": shelf.free_bytes,
        "here_bytes": shelf.here_bytes,
        "to_come_bytes": shelf.to_come_bytes,
        "to_come_s": None if duration_s is None else round(duration_s),
        "may_go_bytes": shelf.may_go_bytes,
        "videos": [vars(one) for one in shelf.videos],
    }


def _lesson(text: str) -> Tuple[str, str]:
    pack, _, lesson = text.partition("/")
    return pack, lesson
