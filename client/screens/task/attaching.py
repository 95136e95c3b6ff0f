"""Attaching files to an answer: looking for one, sealing it, showing it, taking it back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence

from client.executor import Outcome
from client.laptop.attaching.attachments import MAX_FILES, AttachedFile
from client.laptop.attaching.places import Listing, listing, places
from client.messages import Message

if TYPE_CHECKING:
    from client.screens.task.model import Model


class Attaching:
    """The files of the question on the page; a part of the task's model.

    ``listing`` is the folder that is looked into, None while nobody looks. ``pictures`` are small
    pictures of the photos by name, as far as they have been opened.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self.listing: Optional[Listing] = None
        self.busy = False
        self.problem: Optional[Message] = None
        self.pictures: Dict[str, bytes] = {}
        self._asked: List[str] = []

    @property
    def names(self) -> Sequence[str]:
        """The names in the answer."""
        answer = self._model.answer
        return [] if answer is None or isinstance(answer, str) else list(answer)

    @property
    def full(self) -> bool:
        """Whether no more files may be attached: a guest leaves none here."""
        return self._model.session.pupil is None or len(self.names) >= MAX_FILES

    def files(self) -> List[AttachedFile]:
        """The attached files that this laptop knows, in their order."""
        laptop = self._model.session.laptop
        found = [laptop.attached(name) for name in self.names]
        return [file for file in found if file is not None]

    def look(self) -> None:
        """Begin to look for a file."""
        self.problem = None
        self._list(None)

    def enter(self, folder: Optional[Path]) -> None:
        """Look into a folder; None is the list of places."""
        self._list(folder)

    def stop(self) -> None:
        """Look no more."""
        self.listing = None
        self._model.changed()

    def _list(self, folder: Optional[Path]) -> None:
        self._model.session.executor.submit(
            "task.list",
            lambda: places() if folder is None else listing(folder),
            self._listed,
            replaceable=True,
        )

    def _listed(self, outcome: Outcome[Listing]) -> None:
        self.listing = outcome.value
        self._model.changed()

    def attach(self, path: Path) -> None:
        """Attach a file, once: a second press while the first is under way does nothing."""
        if self.busy or self.full:
            return
        self.busy, self.listing, self.problem = True, None, None
        laptop, item = self._model.session.laptop, self._model.item.id
        self._model.session.executor.submit(
            "task.attach",
            lambda: laptop.attach(path),
            lambda outcome: self._attached(item, outcome),
        )
        self._model.changed()

    def _attached(self, item: str, outcome: Outcome[AttachedFile]) -> None:
        self.busy = False
        if outcome.value is None:
            said = getattr(outcome.error, "message", None)
            self.problem = said if isinstance(said, Message) else Message("task.file.failed")
            self._model.changed()
            return
        self._model.add_file(item, outcome.value.name)

    def take_back(self, name: str) -> None:
        """Take a file out of the answer, and off the disk once the draft is saved without it."""
        self._model.remove_file(name)
        laptop = self._model.session.laptop
        self._model.session.executor.submit(
            f"task.take-back {name}", lambda: laptop.take_back(name), _nothing
        )

    def open_pictures(self) -> None:
        """Open the photos of the question that are not open yet."""
        laptop = self._model.session.laptop
        for file in self.files():
            if file.is_picture and file.here and file.name not in self._asked:
                self._asked.append(file.name)
                self._model.session.executor.submit(
                    f"task.picture {file.name}",
                    partial(laptop.attached_preview, file.name),
                    partial(self._picture, file.name),
                )

    def _picture(self, name: str, outcome: Outcome[bytes]) -> None:
        if outcome.value is not None:
            self.pictures[name] = outcome.value
            self._model.changed()


def _nothing(_: Outcome[Any]) -> None:
    """What failed stays on the disk, and is swept later."""
