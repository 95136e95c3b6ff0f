"""Letters and sticks at the server: what is taken from them, and what is left on them."""

from __future__ import annotations
