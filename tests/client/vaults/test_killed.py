"""Processes that work on a vault are killed for real; `build bench vault_kills` kills 300."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from tests.support.vault_kills import ACTS, Killing

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")


def test_killed_at_any_moment_the_old_or_the_new_secret_opens(tmp_path: Path) -> None:
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    told = Killing(tmp_path, seed).kill(2 * len(ACTS))
    assert told.wrong == []
    assert sum(told.kills.values()) == sum(told.opened.values()) == 2 * len(ACTS)
