"""Reading what teachers have: documents, subtitles and tasks of other programmes.

Each importer is a module with ``read(data, name) -> Imported``: pure, bounded, and silent about
nothing. ``registry`` finds the right one.
"""

from __future__ import annotations
