"""How much an importer takes in: what bounds its memory and its time."""

from __future__ import annotations

MIB = 1 << 20
MAX_FILE_BYTES = 256 * MIB
"""A file given to an importer; a cartridge with its pictures fits."""
MAX_TEXT_BYTES = 16 * MIB
"""One file of text: GIFT, XML, CSV, HTML, Markdown, subtitles."""
MAX_UNPACKED_BYTES = 512 * MIB
"""All that is unpacked of one archive."""
MAX_PART_BYTES = 64 * MIB
"""One file in an archive."""
MAX_PARTS = 20_000
"""Files in an archive."""
MAX_RATIO = 200
"""How many times an archive's part may grow; XML with long runs of spaces grows a hundredfold."""
RATIO_FLOOR_BYTES = MIB
"""Parts up to this size may grow as they like."""
MAX_XML_DEPTH = 100
MAX_XML_ELEMENTS = 1_000_000
MAX_ITEMS = 10_000
"""Questions of one file; what is beyond is listed as unread."""
MAX_UNREAD = 2_000
"""Things that were not read, each by itself; what is beyond is one sentence."""
MAX_PICTURE_BYTES = 16 * MIB
"""One picture."""
MAX_PICTURES = 5_000
MAX_CELLS = 2_000_000
"""Cells of a spreadsheet."""
