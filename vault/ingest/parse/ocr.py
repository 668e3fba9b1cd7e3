"""Text from images, by the tesseract program where it is installed."""

import math
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageSequence, UnidentifiedImageError

from vault.domain.documents import ElementKind
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.pieces import Original, Piece, Reading

SECONDS_PER_PAGE = 4.0
"""Below this much time left, no further page is begun."""

_DOTS_PER_INCH = 200
_POINTS_PER_INCH = 72
_PAGE_PIXELS = 16_000_000
_SMALLEST_SIDE = 16
_MOST_LANGUAGES = 3
_BLOCK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def available() -> bool:
    """Tell whether text recognition is installed."""
    return shutil.which("tesseract") is not None


def scale_for(width: float, height: float, *, pixels: int) -> float:
    """Return the scale at which a page is rendered, about 200 dots an inch.

    Args:
        width: page width in points.
        height: page height in points.
        pixels: ceiling for the rendered image.
    """
    usual = _DOTS_PER_INCH / _POINTS_PER_INCH
    most = math.sqrt(min(pixels, _PAGE_PIXELS) / max(1.0, width * height))
    return min(usual, most)


def read_image(original: Original) -> Reading:
    """Return the text recognised in an image, frame by frame.

    Raises:
        ReadError: the image is damaged or too large, or no recognition is installed.
    """
    Image.MAX_IMAGE_PIXELS = None
    try:
        image = Image.open(BytesIO(original.content))
        width, height = image.size
        if width * height > original.limits.pixels:
            raise ReadError(Failure.PIXELS)
        if not available():
            raise ReadError(Failure.SCAN)
        pieces = [
            piece
            for number, frame in enumerate(ImageSequence.Iterator(image), start=1)
            if number == 1 or original.media_type == "image/tiff"
            for piece in recognise(frame.convert("L"), page=number, seconds=original.limits.seconds)
        ]
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ReadError(Failure.BROKEN) from error
    return Reading(tuple(pieces), "tesseract", pages=getattr(image, "n_frames", 1))


def recognise(picture: Image.Image, *, page: int, seconds: float) -> Iterator[Piece]:
    """Yield the blocks of text in a grey picture.

    Raises:
        ReadError: recognition failed or took longer than ``seconds``.
    """
    program = shutil.which("tesseract")
    if program is None or min(picture.size) < _SMALLEST_SIDE:
        return
    if picture.width * picture.height > _PAGE_PIXELS:
        shrink = (_PAGE_PIXELS / (picture.width * picture.height)) ** 0.5
        picture = picture.resize((int(picture.width * shrink), int(picture.height * shrink)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        picture.save(path, compress_level=1)
        text = _run(program, path, seconds)
    for block in _BLOCK.split(text.replace("\f", "\n")):
        if block.strip():
            yield Piece(ElementKind.PARAGRAPH, block.strip(), page=page)


def _run(program: str, path: Path, seconds: float) -> str:
    command = [program, str(path), "stdout", "-l", _languages(program), "--dpi", "200"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program on a file of our own
            command,
            capture_output=True,
            check=True,
            timeout=seconds,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise ReadError(Failure.TIMEOUT) from error
    except subprocess.CalledProcessError as error:
        raise ReadError(Failure.BROKEN) from error
    return done.stdout.decode("utf-8", "replace")


@cache
def _languages(program: str) -> str:
    listed = subprocess.run(  # noqa: S603 - a fixed program without input
        [program, "--list-langs"], capture_output=True, check=False, timeout=10
    )
    names = listed.stdout.decode("utf-8", "replace").splitlines()[1:]
    usable = sorted(names, key=lambda name: (name != "eng", name))
    return "+".join([name for name in usable if name not in ("osd", "equ")][:_MOST_LANGUAGES])
