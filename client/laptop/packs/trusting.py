"""Whom this laptop trusts to make lessons, and what it has accepted from them.

The school's server names publishers, and roots that certify others. What was accepted lies in the
file ``trust`` beside the database, small, sealed by its hash and replaced whole; a copy is beside
it. Everything is verified by the pure functions in ``content``; here it is fetched and kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Dict, Iterator, List, Mapping, Optional

from client.laptop.storage.files import write_whole
from client.laptop.store import Store
from sync.errors import Fault, SyncError

if TYPE_CHECKING:
    from content.catalogue import CatalogueEntry
    from content.manifest import Manifest
    from content.trust.certificate import Chain
    from content.trust.files import TrustFile
    from content.trust.state import TrustState
    from content.trust.trusted_catalogue import VerifiedCatalogue

NAMES = ("trust", "trust.copy")
Fetch = Callable[[str, int], bytes]
"""Brings a file by its path on the road, of at most so many bytes."""


class Trusting:
    """The trust of one laptop; the file is read when it is first needed."""

    def __init__(self, store: Store, fetch: Fetch) -> None:
        self._store = store
        self._fetch = fetch
        self._kept: Optional[TrustState] = None

    @property
    def state(self) -> TrustState:
        """What was accepted so far, under those whom the school names now."""
        if self._kept is None:
            self._kept = self._read()
        return self._kept.trusting(self._store.enrolled().publishers)

    def trusts(self, publisher: str) -> bool:
        """Whether the school names this publisher, or a known chain certifies it."""
        if publisher in self._store.enrolled().publishers:
            return True
        return self._chain(publisher) is not None

    def may_certify(self, publisher: str) -> bool:
        """Whether a publisher's catalogue is worth fetching: it, or any root, is trusted."""
        return publisher in self._store.enrolled().publishers or bool(self.state.pins)

    def learn(self, announced: Mapping[str, int]) -> Iterator[Optional[Exception]]:
        """Fetch newer roots and lists of withdrawals that the server told of, one at a time.

        Gives for each None where it was accepted, and is kept by then, or why it was not: one that
        is damaged keeps no other away. Raises what fetching raises where the road itself fails.
        """
        from content.errors import ContentError
        from content.trust.files import accept, news

        done: List[TrustFile] = []
        file = news(self.state, announced, done)
        while file is not None:
            done.append(file)
            try:
                data = self._bring(file.name.partition("/")[0], file)
                self.keep(accept(self.state, file, data))
                yield None
            except (ContentError, SyncError) as error:
                if isinstance(error, SyncError) and error.fault is Fault.LINK:
                    raise
                yield error
            file = news(self.state, announced, done)

    def catalogue(
        self, publisher: str, data: bytes, announced: Mapping[str, int], place: str
    ) -> VerifiedCatalogue:
        """Verify a catalogue, fetching certificates where they are new.

        The caller calls ``keep`` with its state. Raises ContentError and what fetching raises.
        """
        from content.errors import MismatchError
        from content.trust.files import gather
        from content.trust.trusted_catalogue import verify_catalogue

        def fetch(file: TrustFile) -> bytes:
            return self._bring(publisher, file)

        state = gather(data, self.state, announced, fetch, place)
        school = self._store.server().device_id
        verified = verify_catalogue(data, state, school, announced, place)
        if verified.catalogue.publisher != publisher:
            raise MismatchError(f"{place} is by another publisher than the one who was asked for.")
        return verified

    def read_manifest(self, publisher: str, data: bytes, entry: CatalogueEntry) -> Manifest:
        """Open the manifest that an accepted catalogue lists, within its publisher's limits."""
        from content.reader import read_listed_manifest

        manifest = read_listed_manifest(data, entry, self.keys(publisher))
        self.check_manifest(manifest)
        return manifest

    def check_manifest(self, manifest: Manifest) -> None:
        """Raise LimitError for a manifest, however it came, outside its publisher's limits."""
        from content.trust.trusted_catalogue import check_manifest

        check_manifest(manifest, self._chain(manifest.publisher))

    def keys(self, publisher: str) -> Dict[str, bytes]:
        """The publisher's key by its id: empty for whom nobody trusts."""
        direct = self._store.enrolled().publishers.get(publisher)
        if direct is not None:
            return {publisher: direct}
        chain = self._chain(publisher)
        return {publisher: chain.publisher.key} if chain else {}

    def may_replace(self, publisher: str, former: str) -> bool:
        """Whether a publisher takes over the packs of a former key.

        Its certificate says so, or the school names it itself and trusts the former one no more.
        """
        if publisher == former:
            return True
        if publisher in self._store.enrolled().publishers and not self.trusts(former):
            return True
        from content.trust.accepting import may_replace

        return may_replace(self.state, publisher, former)

    def keep(self, state: TrustState) -> None:
        """Put what was accepted on the disk, twice, one after the other."""
        data = state.to_bytes()
        for name in NAMES:
            write_whole(self._store.folder / name, data)
        self._kept = state

    def _chain(self, publisher: str) -> Optional[Chain]:
        from content.errors import ContentError
        from content.trust.accepting import known_chain

        if publisher in self._store.enrolled().publishers:
            return None
        try:
            return known_chain(self.state, publisher)
        except ContentError:
            return None

    def _bring(self, publisher: str, file: TrustFile) -> bytes:
        return self._fetch(f"/repository/{publisher}/{file.path}", file.limit_bytes)

    def numbers(self, announced: Mapping[str, int]) -> Dict[str, int]:
        """The numbers of roots and lists that are here, by the names under which a server told."""
        from content.trust.files import numbers

        known = numbers(self.state)
        return {name: known[name] for name in announced if name in known}

    def _read(self) -> TrustState:
        from content.trust.errors import TrustStateError
        from content.trust.state import TrustState, read_state

        for name in NAMES:
            path = self._store.folder / name
            try:
                return read_state(path.read_bytes(), str(path))
            except (OSError, TrustStateError):
                continue
        # Nothing was accepted yet, or both copies are lost: the database still knows serials.
        return TrustState()
