"""PDF files made by pdfium itself: text in our letters, pictures, drawings and scanned pages."""

from __future__ import annotations

import ctypes
import importlib.util
import io
from pathlib import Path
from typing import Any, Sequence, Tuple

A4 = (595.0, 842.0)


def font_file() -> Path:
    """A font with Kazakh letters: the one that comes with Kivy, found without importing it."""
    found = importlib.util.find_spec("kivy")
    assert found and found.origin
    return Path(found.origin).parent / "data" / "fonts" / "Roboto-Regular.ttf"


def has_font() -> bool:
    """Whether the font is there."""
    return importlib.util.find_spec("kivy") is not None


class PdfMaker:
    """Puts things on pages; ``saved`` gives the file."""

    def __init__(self) -> None:
        import pypdfium2

        self._document = pypdfium2.PdfDocument.new()
        self._page: Any = None
        data = font_file().read_bytes()
        self._data = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
        raw = self._raw
        self._font = raw.FPDFText_LoadFont(
            self._document.raw, self._data, len(data), raw.FPDF_FONT_TRUETYPE, 1
        )

    @property
    def _raw(self) -> Any:
        from pypdfium2 import raw

        return raw

    def page(self) -> None:
        """Begin a new page."""
        self._end()
        self._page = self._document.new_page(*A4)

    def _end(self) -> None:
        if self._page is not None:
            self._page.gen_content()
            self._page.close()
            self._page = None

    def text(self, words: str, x: float, y: float, size: float = 11) -> None:
        """One line of text."""
        raw = self._raw
        made = raw.FPDFPageObj_CreateTextObj(self._document.raw, self._font, size)
        letters = (words + "\0").encode("utf-16-le")
        raw.FPDFText_SetText(made, ctypes.cast(letters, raw.FPDF_WIDESTRING))
        raw.FPDFPageObj_Transform(made, 1, 0, 0, 1, x, y)
        raw.FPDFPage_InsertObject(self._page.raw, made)

    def lines(self, lines: Sequence[str], y: float, size: float = 11, x: float = 60) -> float:
        """Several lines below each other; returns where the next one may stand."""
        for line in lines:
            self.text(line, x, y, size)
            y -= 1.3 * size
        return y

    def picture(self, area: Tuple[float, float, float, float], shade: int = 90) -> None:
        """A picture over (left, bottom, width, height)."""
        import pypdfium2
        from PIL import Image

        left, bottom, width, height = area
        drawn = Image.new("RGB", (64, 64), (shade, 120, 40))
        bitmap = pypdfium2.PdfBitmap.from_pil(drawn)
        made = pypdfium2.PdfImage.new(self._document)
        made.set_bitmap(bitmap)
        made.set_matrix(pypdfium2.PdfMatrix().scale(width, height).translate(left, bottom))
        self._page.insert_obj(made)

    def triangle(self, x: float, y: float, side: float) -> None:
        """A drawing of three slanted lines."""
        raw = self._raw
        path = raw.FPDFPageObj_CreateNewPath(x, y)
        raw.FPDFPath_LineTo(path, x + side, y)
        raw.FPDFPath_LineTo(path, x + side / 3, y + side)
        raw.FPDFPath_Close(path)
        raw.FPDFPath_SetDrawMode(path, 0, 1)
        raw.FPDFPage_InsertObject(self._page.raw, path)

    def saved(self) -> bytes:
        """The whole file."""
        self._end()
        written = io.BytesIO()
        self._document.save(written)
        self._document.close()
        return written.getvalue()
