"""What makes, checks and ships Keruen; `python3 build` lists the commands.

Everything here runs on the standard library alone, because it runs before any environment exists.
"""

from __future__ import annotations
