"""Where the server is reached, and how laptops hear of it."""

from __future__ import annotations
