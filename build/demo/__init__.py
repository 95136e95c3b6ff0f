"""The whole road once on one machine: a lesson there, an answer and a mark back."""

from __future__ import annotations
