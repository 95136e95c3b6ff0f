"""Looking a server over: what is wrong, in plain sentences, and mending what can be mended."""

from __future__ import annotations
