"""A school's laptops: which there are, copied or set back, and lost."""

from __future__ import annotations
