"""Tests of content.variants."""

from __future__ import annotations
