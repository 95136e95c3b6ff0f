"""The command ``keruen-server doctor``."""

from __future__ import annotations

import argparse

from sync_server.commands.output import tell

ILL = 2
"""The exit code where something is left to do."""


def doctor(options: argparse.Namespace) -> int:
    """Look the server over and mend what was asked for."""
    from sync_server.doctor.visit import visit

    done = visit(options.data, mend=options.mend, thorough=options.thorough)
    tell(options, done.to_json(), done.to_text())
    return ILL if done.ill else 0
