"""Records on the server: who may write them, who may read them, and the server's own."""

from __future__ import annotations
