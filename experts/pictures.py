"""A picture as it is kept: made anew as a JPEG of at most 800 pixels, without what the camera wrote into it."""

import io
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
SIDE = 800


def cleaned(upload: Any) -> bytes:
    """ValidationError: too large, or no JPEG, PNG or WebP picture."""
    if upload.size > MOST_BYTES:
        raise ValidationError(_("The picture is larger than 5 megabytes. Choose a smaller one."))
    try:
        picture = Image.open(upload, formats=["JPEG", "PNG", "WEBP"])
        if picture.width * picture.height > MOST_PIXELS:
            raise ValidationError(_("The picture has too many pixels. Choose a smaller one."))
        plain = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as wrong:
        raise ValidationError(
            _("This is not a picture that the portal can read. Choose a JPEG, PNG or WebP.")
        ) from wrong
    plain.thumbnail((SIDE, SIDE))
    bare = Image.new("RGB", plain.size)
    bare.paste(plain)
    saved = io.BytesIO()
    bare.save(saved, "JPEG", quality=85)
    return saved.getvalue()
