"""What may go from a stick once a plan was carried out."""

from __future__ import annotations

import re
from typing import Iterator, List, Tuple

from content.carrying.plan import Plan
from content.carrying.shelf import Shelf, publisher_folder, whole_of

_OURS = {
    "objects": re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}(?:\.[0-9]{3})?\Z"),
    "manifests": re.compile(r"[a-z0-9-]{1,64}/[0-9]{1,10}\Z"),
    "patches": re.compile(r"[a-z0-9-]{1,64}/[0-9]{1,10}-[0-9]{1,10}\Z"),
    "cores": re.compile(r"[0-9a-f]{64}\Z"),
}


def superfluous(shelf: Shelf, plan: Plan) -> Tuple[str, ...]:
    """Paths of the publisher's files that no chosen pack needs, in an order that misleads nobody.

    Manifests and patches go before what they name. Files of trust and what else lies there stay.
    """
    listed = tuple(_files(shelf, plan.publisher))
    doomed = [path for path in listed if whole_of(path) not in plan.kept]
    return tuple(sorted(doomed, key=lambda path: ("/objects/" in path or "/cores/" in path, path)))


def _files(shelf: Shelf, publisher: str) -> Iterator[str]:
    for kind, ours in _OURS.items():
        folder = f"{publisher_folder(publisher)}/{kind}"
        for name in shelf.names(folder):
            below = [name] if kind == "cores" else _below(shelf, folder, name)
            yield from (f"{folder}/{one}" for one in below if ours.match(one))


def _below(shelf: Shelf, folder: str, name: str) -> List[str]:
    return [f"{name}/{one}" for one in shelf.names(f"{folder}/{name}")]
