"""When an idle source takes over what a slower one is bringing: decided from numbers alone.

A part file is always a beginning, so whoever takes over goes on where the other stopped, and what
is lost is only what was on its way.
"""

from __future__ import annotations

from typing import Optional

TIMES_FASTER = 2.0
"""Less is not worth a change: what is measured of a link goes up and down."""
CHANGE_S = 10.0
"""What a change may cost: what is on its way, a request, and a connection that begins."""
TRIED_FROM_S = 60.0
"""A source that has brought nothing yet is tried when the one at work needs longer than this."""


def overtakes(
    left_bytes: int, rate_there_bytes_per_s: float, rate_here_bytes_per_s: Optional[float]
) -> bool:
    """Tell whether what is left should rather come from here.

    ``rate_here_bytes_per_s`` is None for a source that nobody knows yet.
    """
    left_s = left_bytes / max(1.0, rate_there_bytes_per_s)
    if rate_here_bytes_per_s is None:
        return left_s > TRIED_FROM_S
    return left_s > CHANGE_S + TIMES_FASTER * left_bytes / max(1.0, rate_here_bytes_per_s)
