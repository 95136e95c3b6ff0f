"""How many examples Hypothesis tries: as many as a test names, or a share of them.

The same properties are tested on two Pythons. The main round looks for rare states; the other one,
`--hypothesis-profile=again`, for what that Python and its libraries do differently, and that
shows in the first few.
"""

from __future__ import annotations

from hypothesis import settings

AGAIN = "again"
AGAIN_EXAMPLES = 25
_USUAL_EXAMPLES = 100
_FEWEST = 5


def examples(count: int) -> int:
    """The share of ``count`` examples that the profile asks for."""
    share = settings.default.max_examples / _USUAL_EXAMPLES
    return max(min(count, _FEWEST), int(count * min(share, 1)))
