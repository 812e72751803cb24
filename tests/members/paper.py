"""Papers people send, drawn for the occasion."""

from io import BytesIO

from PIL import Image

GPS, ORIENTATION = 0x8825, 0x0112


def photo(width=60, height=40, *, where=None, turned=None, kind="JPEG", mode="RGB"):
    """A picture; ``where`` it was taken stands in it, as telephones write it."""
    exif = Image.Exif()
    if where:
        exif.get_ifd(GPS)[1] = where
    if turned:
        exif[ORIENTATION] = turned
    drawn = BytesIO()
    Image.new(mode, (width, height), "white").save(drawn, kind, exif=exif)
    return drawn.getvalue()


def pdf(words=b""):
    """A page, with something said in its catalogue."""
    return b"%PDF-1.4\n1 0 obj << /Type /Catalog " + words + b" >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
