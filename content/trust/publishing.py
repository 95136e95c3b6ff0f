"""Putting a publisher's chain, roots and lists into its repository."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping, Tuple

from content.catalogue import Catalogue
from content.errors import MismatchError
from content.repositories.repository import Repository
from content.trust.files import TrustFile, accept
from content.trust.folder import TrustFolder, pins_in
from content.trust.hint import hint_of
from content.trust.keys import PublisherKey
from content.trust.making import sign_catalogue, with_trust
from content.trust.state import TrustState


def attach(folder: Path, files: Mapping[TrustFile, bytes], key: PublisherKey) -> Catalogue:
    """Keep files of trust in a repository and name them in its catalogue.

    ``files`` come beside those that the repository has already; a repository that is not there yet
    begins with them. Doing it again changes nothing. Returns the catalogue that is there now.
    Raises what is wrong with any file, and MismatchError where the chain is for another key.
    """
    public, target, store = key.public, Repository(folder), TrustFolder(folder)
    before = Catalogue(public.key_id, 0)
    if target.exists():
        before = target.catalogue({public.key_id: public.raw})
    state = collected({**_kept(store, before, files), **files})
    if public.key_id not in state.chains:
        raise MismatchError(f"None of these files certifies {public.key_id}, whose key this is.")
    catalogue = with_trust(before, state)
    for file, data in files.items():
        store.write(file, data)
    if catalogue != before:
        target.write_publisher(public)
        target.write_catalogue(sign_catalogue(catalogue, key))
    target.clear_staging()
    return catalogue


def _kept(
    store: TrustFolder, catalogue: Catalogue, files: Mapping[TrustFile, bytes]
) -> Mapping[TrustFile, bytes]:
    """What of the repository's files still counts: a new chain takes the place of the old."""
    hint = hint_of(catalogue)
    renewed = any(file.kind == "chains" for file in files)
    named = "" if renewed or hint is None else hint.chain
    kept = (file for file in store.files() if file.kind != "chains" or file.name == named)
    return {file: store.read(file) for file in kept}


def collected(files: Mapping[TrustFile, bytes]) -> TrustState:
    """What these files say together, trusting the roots among them: roots, chains, then lists."""
    state = TrustState(pins=pins_in(files))
    for kind in ("roots", "chains", "withdrawals"):
        for file in sorted(files, key=_order):
            if file.kind == kind:
                state = accept(state, file, files[file])
    return state


def _order(file: TrustFile) -> Tuple[str, int]:
    name, _, number = file.name.partition("/")
    return name, int(number or 0)
