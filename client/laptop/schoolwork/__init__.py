"""Pupils' work and teachers' answers: drafts, what is handed in, marks, and what counts."""

from __future__ import annotations
