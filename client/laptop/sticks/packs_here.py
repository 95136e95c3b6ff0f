"""What this laptop can put on a stick of each publisher, and what a stick's readers rest on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Dict, Iterator, List, Mapping, Optional, Tuple

from client.laptop.packs.library import Library
from client.laptop.packs.trusting import Trusting
from client.laptop.packs.updating import CATALOGUES
from client.laptop.sticks.packing import PackOffer
from client.laptop.store import Store

if TYPE_CHECKING:
    from content.carrying import Plan
    from content.carrying.shelf import Shelf
    from content.installation import Installation, InstalledPack
    from content.trust.files import TrustFile
    from content.trust.keys import PublicKey
    from content.trust.state import TrustState


@dataclass(frozen=True)
class Publisher:
    """A publisher whose packs are here: the key, the newest catalogue, and files of trust."""

    key: PublicKey
    catalogue: bytes
    trust: Tuple[Tuple[TrustFile, bytes], ...]

    def plan(self, installation: Installation, choices: Mapping[str, str], shelf: Shelf) -> Plan:
        """Plan what a stick is to carry of this publisher; raises ContentError."""
        from content.carrying import plan_from_installation

        return plan_from_installation(
            installation, self.key, self.catalogue, choices, self.trust, shelf
        )


def offers(store: Store, library: Library) -> Tuple[PackOffer, ...]:
    """List the packs that can be put on a stick, as they are listed on this laptop.

    Reads each pack's manifest.
    """
    videos: Counter[str] = Counter()
    ready: Counter[str] = Counter()
    lessons: Counter[str] = Counter()
    for card in library.cards():
        lessons[card.pack] += 1
        videos[card.pack] += card.has_video
        ready[card.pack] += card.has_video and card.video_ready
    known = publishers(store, library)
    found: List[PackOffer] = []
    for installed in _installed(library):
        manifest = installed.manifest
        if manifest.publisher in known and manifest.pack in lessons:
            pack = manifest.pack
            counts = lessons[pack], videos[pack], ready[pack]
            found.append(_offer(installed, *counts))
    order = {pack: place for place, pack in enumerate(lessons)}
    return tuple(sorted(found, key=lambda one: order[one.pack]))


def publishers(store: Store, library: Library) -> Dict[str, Publisher]:
    """Give the publishers of whom packs, a catalogue and a trusted key are here, by key id."""
    from content.trust.keys import PublicKey

    trusting, found = Trusting(store, _no_road), {}
    state = trusting.state
    for publisher in {one.manifest.publisher for one in _installed(library)}:
        raw = trusting.keys(publisher).get(publisher)
        catalogue = _catalogue(library, publisher)
        if raw is not None and catalogue is not None:
            found[publisher] = Publisher(PublicKey(raw), catalogue, tuple(_trust(state, publisher)))
    return found


def _installed(library: Library) -> Iterator[InstalledPack]:
    installation = library.installation()
    for pack, version in sorted(library.current().items()):
        installed = installation.find(pack, version)
        if installed is not None:
            yield installed


def _offer(installed: InstalledPack, lessons: int, videos: int, ready: int) -> PackOffer:
    from content.carrying import sizes_bytes

    manifest = installed.manifest
    here = tuple(entry for entry in manifest.media if installed.has_media(entry))
    return PackOffer(
        manifest.publisher,
        manifest.pack,
        manifest.version,
        manifest.title,
        manifest.subject,
        manifest.grade,
        lessons,
        sizes_bytes(replace(manifest, media=here)),
        videos,
        ready,
    )


def _catalogue(library: Library, publisher: str) -> Optional[bytes]:
    try:
        return (library.folder / CATALOGUES / publisher).read_bytes()
    except OSError:
        return None


def _trust(state: TrustState, publisher: str) -> Iterator[Tuple[TrustFile, bytes]]:
    """Give what readers need to trust a certified publisher; nothing for one the school names."""
    from content.trust.accepting import current_root
    from content.trust.certificate import chain_name, unverified_certificates
    from content.trust.files import TrustFile

    chain = state.chains.get(publisher)
    if publisher in state.publishers or chain is None:
        return
    issuers = {one.issuer for one in unverified_certificates(chain)}
    for root in sorted(issuers & set(state.roots) & set(state.pins)):
        number = current_root(state, root).number
        yield TrustFile("roots", f"{root}/{number}"), state.roots[root]
    yield TrustFile("chains", chain_name(chain)), chain
    for issuer in sorted(issuers & set(state.withdrawals)):
        yield TrustFile("withdrawals", issuer), state.withdrawals[issuer]


def _no_road(path: str, _: int) -> bytes:
    raise LookupError(path)
