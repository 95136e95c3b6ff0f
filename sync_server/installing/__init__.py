"""Having the server start with the computer: what to write and to run, and doing it."""

from __future__ import annotations
