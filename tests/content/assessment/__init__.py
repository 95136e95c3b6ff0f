"""Tests of content.assessment."""

from __future__ import annotations
