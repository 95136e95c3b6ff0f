"""How sending stands, in plain words; and the settings of this laptop."""

from __future__ import annotations
