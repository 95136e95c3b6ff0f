"""Tests of content.sealing."""

from __future__ import annotations
