"""Renditions: what any recording becomes so that old machines play it and slow links bring it.

``probe`` looks into a source, ``plan`` decides from values alone what is made of it and what that
will cost, ``make`` makes it. Only ``names`` is for readers of packs; all else needs PyAV.
"""

from __future__ import annotations
