"""Which machine this is: copied, set back or in another case, and what is told of it."""

from __future__ import annotations
