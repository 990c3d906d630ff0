"""A page as pixels: the PDF drawn as a reader draws it, so that both show the same."""

from __future__ import annotations

import io

import pypdfium2

POINTS_PER_INCH = 72.0


def png(pdf: bytes, page: int = 0, dpi: int = 200) -> bytes:
    """One page of a PDF as a PNG file. Same bytes in, same pixels out."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        image = document[page].render(scale=dpi / POINTS_PER_INCH).to_pil()
    finally:
        document.close()
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", dpi=(dpi, dpi))
    return buffer.getvalue()
