"""The link as it is: when to try, what may go, how fast, and what was used."""

from __future__ import annotations
