"""What a server can take, with the load beside it, and Kolibri in the same run.

A row of Kolibri's is its single-user sync of 20 new attempts, the smallest that it has. Its laptops
do their own work meanwhile, ours said it before; ``server_cpu_ms`` is the processor time of the
server alone and tells what is left of the comparison without that.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Sequence

from sync.exchanges.exchange import ExchangeRequest
from sync.identity import Identity, PublicIdentity
from sync.kinds import PROGRESS, SUBMISSION
from sync.message import Kind, make_message
from sync.people import Person
from sync.record import NO_HASH, Head, Record, record_hash
from sync_server.store.model import Device
from tests.bench import kolibri
from tests.bench.load import MAX_CONNECTIONS, write_laptops
from tests.bench.processes import cpu_s, peak_bytes
from tests.bench.table import tell
from tests.support.records import submission_body
from tests.support.server import ROOT, School, ServerProcess

NOW_MS = 1_788_000_000_000
CLASSES = 12
TIMES_FASTER, TIMES_SMALLER = 1000, 2


class Writer:
    """A laptop's journal, as far as its messages need it."""

    def __init__(self, number: int, server: PublicIdentity) -> None:
        self.identity = Identity.generate()
        name = f"Pupil {number}"
        self.person = Person(f"p{number}", name, "student", f"{number % CLASSES}", "sun")
        self._server = server
        self._head = Head()

    def say(self, count: int) -> bytes:
        """Seal an exchange of so many new records."""
        first_seq, records = self._head.seq + 1, []
        for _ in range(count):
            record = self._record(self._head.seq + 1)
            self._head = Head(record.seq, record_hash(self._head.hash or NO_HASH, record))
            records.append(record)
        device = self.identity.public.device_id
        request = ExchangeRequest(device, self._head, first_seq, tuple(records), room_bytes=4096)
        payload = request.to_payload()
        return make_message(Kind.EXCHANGE_REQUEST, payload, self.identity, self._server)

    def _record(self, seq: int) -> Record:
        device, time = self.identity.public.device_id, NOW_MS + seq * 60_000 << 16
        if seq % 4:
            body: Dict[str, Any] = submission_body(2, task=f"task-{seq}")
            return Record(device, seq, time, self.person.id, SUBMISSION, body)
        body = {"pack": "algebra-7-linear", "lesson": "meaning", "position_s": seq, "seen": False}
        return Record(device, seq, time, self.person.id, PROGRESS, body)


class Act(NamedTuple):
    """Something that laptops do, at so many connections."""

    name: str
    laptops: Sequence[Sequence[bytes]]
    connections: int


def acts(folder: Path) -> List[Act]:
    """Make a school of 1,200 laptops and what they say."""
    school = School(folder)
    writers = [Writer(number, school.identity.public) for number in range(1200)]
    with school.store.transaction() as transaction:
        for writer in writers:
            transaction.add_person(writer.person)
            transaction.add_device(Device(writer.identity.public, "Laptop", NOW_MS))
            transaction.grant(writer.identity.public.device_id, [writer.person.id])
    school.close()
    usual, away = writers[:200], writers[200:]
    return [
        Act("20 new records", [[w.say(20) for _ in range(20)] for w in usual], 32),
        Act("nothing new", [[w.say(0) for _ in range(20)] for w in usual], 32),
        Act(
            "1,000 laptops at once after a month, 200 records each",
            [[w.say(200), w.say(0)] for w in away],
            MAX_CONNECTIONS,
        ),
    ]


def measure(server: ServerProcess, act: Act, folder: Path) -> Dict[str, Any]:
    """Let laptops do something and return the row."""
    file = folder / "load"
    write_laptops(file, act.laptops)
    pid = server.process.pid
    before_s = cpu_s(pid)
    command = [sys.executable, "-m", "tests.bench.load", server.url, str(file)]
    done = subprocess.run(
        [*command, str(act.connections)], cwd=ROOT, check=True, capture_output=True, timeout=900
    )
    account = json.loads(done.stdout)
    used_ms = (cpu_s(pid) - before_s) * 1000 / account["exchanges"]
    return {
        "act": act.name,
        "server": "Keruen",
        **account,
        "server_cpu_ms": used_ms,
        "memory_mb": peak_bytes(pid) / 1e6,
    }


def main() -> int:
    """Measure, tell, and return 1 when the server is slower or larger than it may be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = acts(folder / "server")
        with ServerProcess(folder / "server") as server:
            rows = [measure(server, act, folder) for act in plan]
            server.stop()
    peers = kolibri.measure()
    tell("server", [*rows, *peers])
    ours, fastest = rows[0], max(peer["per_s"] for peer in peers)
    print(f"times Kolibri's rate: {ours['per_s'] / peers[0]['per_s']:.0f} of a laptop at a time,")
    print(f"  {ours['per_s'] / fastest:.0f} of its best; wanted: {TIMES_FASTER}")
    least_mb = min(peer["memory_mb"] for peer in peers)
    print(f"memory: {rows[-1]['memory_mb'] / least_mb:.2f} of Kolibri's; wanted: under 0.5")
    failed = any(row["failed"] for row in rows)
    slow = ours["per_s"] < TIMES_FASTER * peers[0]["per_s"]
    return int(failed or slow or rows[-1]["memory_mb"] * TIMES_SMALLER > least_mb)


if __name__ == "__main__":
    raise SystemExit(main())
