"""The kinds of questions: one module a kind, with its model, its reading and its scoring."""

from __future__ import annotations
