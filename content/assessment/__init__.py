"""Kinds of assessment as schools in Kazakhstan have them: criteria, descriptors, formats."""

from __future__ import annotations
