"""Variants: every pupil gets another but equal task, from (task, pupil, attempt) alone."""

from __future__ import annotations
