"""The demo without a display: the walk, its pictures, and the account at the end."""

from __future__ import annotations

from pathlib import Path

from build.demo.account import Account
from build.demo.scene import Scene
from client import window


def walk_offscreen(folder: Path, language: str) -> int:
    """Walk the road in ``folder``; return 0 when every station was passed."""
    window.prepare(offscreen=True, size=(1024, 600))
    # These import kivy, which reads its environment once.
    from build.demo.walk import Walk

    scene = Scene(folder)
    account = Account(folder / "account.json")
    print("The whole road once. What follows was seen, station by station.\n", flush=True)
    complete = Walk(scene, account, language).go()
    print(f"\nPictures: {scene.pictures}\nAccount:  {folder / 'account.json'}")
    if complete:
        print("The lesson reached the pupil, the work reached the teacher, the mark came back.")
        return 0
    print(f"The road ended at: {account.stations[-1].name}.")
    return 1


def walk_by_stick(folder: Path, language: str) -> int:
    """Walk the full circle with no network; return 0 when every station was passed."""
    window.prepare(offscreen=True, size=(1024, 600))
    # These import kivy, which reads its environment once.
    from build.demo.stick_walk import StickWalk

    scene = Scene(folder)
    account = Account(folder / "account.json")
    print(
        "The full circle with no network. What follows was seen, station by station.\n", flush=True
    )
    complete = StickWalk(scene, account, language).go()
    print(f"\nPictures: {scene.pictures}\nAccount:  {folder / 'account.json'}")
    if complete:
        print("Thirty pupils learned, handed in and saw their marks, and no network was touched.")
        return 0
    print(f"The road ended at: {account.stations[-1].name}.")
    return 1
