"""A vault is made, opened, changed, reset and moved by processes that are killed 300 times."""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

from tests.bench.table import tell
from tests.support.vault_kills import Killing

KILLS = 300


def main() -> int:
    """Kill, tell what opened afterwards, and return 1 if anything was lost."""
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=KILLS)
    options.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    chosen = options.parse_args()
    print(f"seed {chosen.seed}")
    with tempfile.TemporaryDirectory() as name:
        told = Killing(Path(name), chosen.seed).kill(chosen.kills)
    tell("vault_kills", [{"what": what, "kills": n} for what, n in sorted(told.kills.items())])
    tell("vault_kills_opened", [{"opened": what, "n": n} for what, n in told.opened.items()])
    for line in told.wrong:
        print(f"LOST {line}")
    return int(bool(told.wrong))


if __name__ == "__main__":
    raise SystemExit(main())
