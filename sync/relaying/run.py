"""Runs of journals: consecutive records of one device each, as two servers pass them on."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from sync import fields
from sync.exchanges.batch import decode_batch, encode_batch
from sync.record import Record
from sync.relaying.heads import CHECK_BYTES
from sync.relaying.rows import device, triples

MAX_RUNS = 5_000


@dataclass(frozen=True)
class Run:
    """Consecutive records of one journal.

    ``check`` is the beginning of the hash after the last of them (``CHECK_BYTES``), ``refused``
    the codes of those that the sender holds but did not accept, by seq.
    """

    records: Tuple[Record, ...]
    check: bytes
    refused: Mapping[int, str] = field(default_factory=dict)

    @property
    def device(self) -> str:
        """Whose journal it is."""
        return self.records[0].device

    @property
    def first_seq(self) -> int:
        """The number of the first record."""
        return self.records[0].seq


def runs_to_json(runs: Sequence[Run]) -> Dict[str, Any]:
    """Return runs as they stand in a message."""
    if not runs:
        return {}
    value: Dict[str, Any] = {
        "r": encode_batch([record for run in runs for record in run.records]),
        "n": fields.to_text(b"".join(run.check for run in runs)),
        "x": [[at, *item] for at, run in enumerate(runs) for item in run.refused.items()],
    }
    return {key: item for key, item in value.items() if item}


def runs_from_json(value: Mapping[str, Any]) -> Tuple[Run, ...]:
    """Read runs.

    Raises:
        MessageError: ``message-malformed``.
    """
    records = decode_batch(value.get("r", {}))
    groups = [tuple(group) for _, group in itertools.groupby(records, lambda one: one.device)]
    if not groups:
        return ()
    if len(groups) > MAX_RUNS or len({group[0].device for group in groups}) != len(groups):
        fields.malformed("runs", f"at most {MAX_RUNS} runs, one of each journal")
    for group in groups:
        device(group[0].device, "runs")
        if any(record.seq != group[0].seq + at for at, record in enumerate(group)):
            fields.malformed("runs", "consecutive records")
    checks = fields.binary(value.get("n"), "runs.n", CHECK_BYTES * len(groups))
    refused: List[Dict[int, str]] = [{} for _ in groups]
    for at, seq, code in triples(value.get("x", []), "runs.x"):
        _place(refused, at)[seq] = code
    return tuple(
        Run(group, checks[CHECK_BYTES * at : CHECK_BYTES * (at + 1)], refused[at])
        for at, group in enumerate(groups)
    )


def _place(items: List[Any], at: int) -> Any:
    if at >= len(items):
        fields.malformed("runs", "the place of a run")
    return items[at]
