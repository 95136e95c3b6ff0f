"""How many examples Hypothesis tries: as many as a test names, a share of them, or many more.

The same properties are tested on two Pythons. The main round looks for rare states; the other one,
`--hypothesis-profile=again`, for what that Python and its libraries do differently, and that
shows in the first few. Both try the same examples each time: whether a change is good is not to
hang on luck. `--hypothesis-profile=search` tries others each time, and ten times as many.
"""

from __future__ import annotations

from hypothesis import settings

AGAIN = "again"
AGAIN_EXAMPLES = 25
SEARCH = "search"
SEARCH_EXAMPLES = 1_000
USUAL = "usual"
_USUAL_EXAMPLES = 100
_FEWEST = 5


def examples(count: int) -> int:
    """The share of ``count`` examples that the profile asks for."""
    share = settings.default.max_examples / _USUAL_EXAMPLES
    return max(min(count, _FEWEST), int(count * share))
