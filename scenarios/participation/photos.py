"""A photo that a citizen sends: made anew, smaller, and without what the camera wrote into it."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from twin.errors import BadFile
from twin.feature import Words

LARGEST = 12_000_000  # bytes, as it is sent
PIXELS = 60_000_000  # of the picture, before it is made smaller
EDGE = 1600  # pixels of the longer side that are kept
FORMATS = ("JPEG", "PNG", "WEBP")


def made_anew(data: bytes) -> bytes:
    """A JPEG of the pixels alone: place, camera and time are gone. Raises BadFile."""
    if len(data) > LARGEST:
        raise BadFile(
            Words(
                f"Das Foto hat {len(data) / 1e6:.0f} MB; bis zu {LARGEST // 10**6} MB sind möglich. Bitte nehmen Sie"
                " ein kleineres.",
                f"The photo has {len(data) / 1e6:.0f} MB; up to {LARGEST // 10**6} MB can be sent. Please take a"
                " smaller one.",
            )
        )
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > PIXELS:
                raise BadFile(_unreadable())
            opened.draft("RGB", (EDGE, EDGE))  # a JPEG is read smaller at once
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadFile(_unreadable()) from error
    picture.thumbnail((EDGE, EDGE))
    kept = Image.new("RGB", picture.size)  # nothing but pixels comes over
    kept.paste(picture)
    out = io.BytesIO()
    kept.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _unreadable() -> Words:
    return Words(
        "Diese Datei ist kein Foto, das hier gelesen werden kann. Bitte nehmen Sie ein JPEG, PNG oder WebP.",
        "This file is no photo that can be read here. Please take a JPEG, PNG or WebP.",
    )
