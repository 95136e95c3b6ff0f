"""Branches of journals: laptops that were cloned or set back go on under new identities (law 8)."""

from __future__ import annotations

from typing import Optional, Protocol

from sync.errors import RecordError
from sync.exchanges.exchange import ExchangeRequest
from sync.journals.branch import Claim, check_claim, fact_digest, origin_of, original, shared_seq
from sync.kinds import CLOCK
from sync.record import Record
from sync_server.records.rules import NOT_PERMITTED
from sync_server.store.model import Device
from sync_server.store.protocol import Transaction

KNOWN = "record-known"


class Lines(Protocol):
    """What is asked of the store about branches."""

    def continues(self, device_id: str, ancestor: str) -> bool:
        """Tell whether a device's journal branched from another's, directly or not."""

    def is_carried(self, digest: bytes) -> bool:
        """Tell whether a fact is kept as a record that was carried over."""

    def kept_record(self, device_id: str, seq: int) -> Optional[Record]:
        """Return a kept record."""


def admit(
    transaction: Transaction, device: Device, request: ExchangeRequest, claim: Claim, now_ms: int
) -> int:
    """Admit a branch of a device with the same people, and tell how far their journal is held here.

    The branch reads on where the device was, so it takes over the meaning of the device's mark. The
    same claim again changes nothing.

    Raises:
        sync.errors.MessageError: ``claim-forged``.
    """
    check_claim(claim, device.id)
    child = claim.identity.device_id
    if transaction.device(child) is None:
        transaction.add_device(Device(claim.identity, device.name, now_ms, device.epoch, now_ms))
        transaction.grant(child, [person.id for person in transaction.granted(device.id)])
        transaction.add_branch(child, device.id)
    hashes = {
        seq: digest
        for probe in claim.probes
        for seq, digest in transaction.hashes(request.device, probe.seq, probe.seq).items()
    }
    return shared_seq(claim.probes, hashes)


def repetition(record: Record, continued: bool, lines: Lines) -> Optional[str]:
    """Return the code for a record whose fact counts already, or that speaks for other devices.

    Args:
        record: A well-shaped record that is new here.
        continued: Whether the journal has branches: only then can its own records be repetitions.
        lines: What is known of branches.
    """
    try:
        if record.kind == CLOCK and not _about_own(record, lines):
            return NOT_PERMITTED
        origin = origin_of(record)
        if origin is None:
            return KNOWN if continued and lines.is_carried(fact_digest(record)) else None
        if not lines.continues(record.device, origin.device):
            return NOT_PERMITTED
        kept = lines.kept_record(*origin)
        same = kept is not None and fact_digest(kept) == fact_digest(original(record))
        return KNOWN if same or lines.is_carried(fact_digest(record)) else None
    except RecordError as error:
        return error.code


def _about_own(record: Record, lines: Lines) -> bool:
    """Tell whether a clock record is about a journal that its own is or continues."""
    device = record.body["device"]
    return device == record.device or lines.continues(record.device, device)
