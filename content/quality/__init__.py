"""What a methodologist asks of a source before approving it: findings, load, downloads, a page.

``inspection`` looks at a source folder and returns a ``Report``; ``page`` writes it as HTML.
"""

from __future__ import annotations
