"""The people of a school: added, changed, enrolled, and gone."""

from __future__ import annotations
