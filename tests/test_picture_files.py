"""Picture files as scanners, telephones and programs write them: their pixels come as a viewer shows them."""

from __future__ import annotations

import io
import tomllib
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from PIL import Image, ImageDraw
from pypdfium2 import PdfDocument

from loader.documents.grid import DocumentError
from loader.documents.readers import format_of, read
from loader.documents.readers.pdf import scans as pdf_scans
from loader.documents.readers.scans import scan
from loader.documents.readers.scans.picture_file import LONGEST, pages_in

pytest.importorskip("cv2", reason="the extra ocr is not installed")


def _drawn() -> Image.Image:
    page = Image.new("L", (300, 200), 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((20, 20, 120, 60), fill=0)
    draw.rectangle((30, 100, 60, 190), fill=0)
    return page


PAGE = _drawn()


def saved(page: Image.Image, file_format: str, **how: object) -> bytes:
    file = io.BytesIO()
    page.save(file, file_format, **how)
    return file.getvalue()


def transparent() -> Image.Image:
    """Black ink on nothing, which is stored as black, too."""
    page = Image.new("RGBA", PAGE.size, (0, 0, 0, 0))
    page.putalpha(PAGE.point(lambda level: 255 - level))
    return page


def turned_by(direction: int) -> bytes:
    """As a camera stores it that was held another way: it says how to turn the picture."""
    exif = Image.Exif()
    exif[0x112] = direction
    turn = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}[direction]
    return saved(PAGE.transpose(turn), "JPEG", quality=100, exif=exif)


FILES: dict[str, Callable[[], bytes]] = {
    "PNG": lambda: saved(PAGE, "PNG"),
    "PNG of two colours": lambda: saved(PAGE.convert("1"), "PNG"),
    "PNG of 16 bits": lambda: saved(Image.fromarray(np.asarray(PAGE).astype(np.uint16) * 257), "PNG"),
    "PNG with a palette": lambda: saved(PAGE.convert("RGB").quantize(4), "PNG"),
    "PNG with a transparent colour": lambda: saved(
        PAGE.point(lambda level: level // 255).convert("P"), "PNG", transparency=1
    ),
    "PNG on nothing": lambda: saved(transparent(), "PNG"),
    "PNG on nothing, in grey": lambda: saved(transparent().convert("LA"), "PNG"),
    "PNG that moves": lambda: saved(PAGE, "PNG", save_all=True, append_images=[PAGE.rotate(90)]),
    "JPEG": lambda: saved(PAGE, "JPEG", quality=100),
    "JPEG of four inks": lambda: saved(PAGE.convert("CMYK"), "JPEG", quality=100),
    "JPEG upside down": lambda: turned_by(3),
    "JPEG on its side": lambda: turned_by(6),
    "JPEG on its other side": lambda: turned_by(8),
    "TIFF of a fax": lambda: saved(PAGE.convert("1"), "TIFF", compression="group4"),
    "TIFF on nothing": lambda: saved(transparent(), "TIFF"),
    "TIFF of four inks": lambda: saved(PAGE.convert("CMYK"), "TIFF"),
    "BMP": lambda: saved(PAGE, "BMP"),
    "BMP of two colours": lambda: saved(PAGE.convert("1"), "BMP"),
    "GIF": lambda: saved(PAGE, "GIF"),
    "GIF that moves": lambda: saved(PAGE, "GIF", save_all=True, append_images=[PAGE.rotate(90)]),
    "WebP": lambda: saved(PAGE.convert("RGB"), "WEBP", lossless=True),
}


@pytest.mark.parametrize("name", FILES)
def test_a_picture_is_as_a_viewer_shows_it(name: str) -> None:
    content = FILES[name]()
    assert format_of(content, "a") == "image"
    cut_off: list[str] = []
    [page] = pages_in(content, cut_off)
    grey = page if page.ndim == 2 else page.mean(axis=2)
    assert grey.shape == (200, 300)
    assert np.abs(grey.astype(float) - np.asarray(PAGE)).mean() < 3
    assert not cut_off


def test_no_opencv_is_allowed_that_decodes_no_gif() -> None:
    """As published on PyPI: 4.11 has the decoder and is built without it."""
    extras = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
    wanted = Requirement(next(name for name in extras["optional-dependencies"]["ocr"] if name.startswith("opencv")))
    assert [version in wanted.specifier for version in ("4.11.0.86", "4.12.0.88")] == [False, True]


def test_a_text_may_begin_as_a_picture_does() -> None:
    assert format_of("BM局\t合计\nRIFF\t1.00\n".encode(), "a") == "text"


@pytest.mark.parametrize(("resolution", "size"), [(150, (200, 300)), (75, (800, 1200))])
def test_a_page_of_a_coarse_scan_with_specks_has_its_pixels(resolution: int, size: tuple[int, int]) -> None:
    page = PAGE.copy()
    for x, y in np.random.default_rng(1).integers(0, (300, 200), (300, 2)).tolist():
        page.putpixel((x, y), 0)
    with PdfDocument(saved(page, "PDF", resolution=resolution)) as document:
        assert pdf_scans.drawn(document[0]).shape[:2] == size


def test_a_huge_picture_is_made_smaller() -> None:
    content = saved(Image.new("1", (LONGEST * 2, 400), 1), "PNG")
    [page] = pages_in(content, [])
    assert page.shape == (200, LONGEST)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_a_large_transparent_picture_takes_little_more_memory_than_its_pixels(mode: str) -> None:
    page = transparent().resize((3000, 2000)).convert(mode)
    content = saved(page, "PNG", compress_level=1)
    tracemalloc.start()
    [image] = pages_in(content, [])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.abs(image.mean() - np.asarray(PAGE).mean()) < 1
    assert most < 5 * 3 * 3000 * 2000  # of three bytes a pixel


def test_a_picture_that_takes_too_much_memory_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_memory(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(scan, "is_available", lambda: True)
    monkeypatch.setattr("cv2.imdecodemulti", without_memory)
    with pytest.raises(DocumentError, match="takes more memory than one document may"):
        read(FILES["PNG"](), "a.png")


def test_a_picture_that_claims_to_be_endless_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "is_available", lambda: True)
    content = bytearray(saved(PAGE, "BMP"))
    content[18:26] = (99_999).to_bytes(4, "little") * 2
    with pytest.raises(DocumentError, match="the picture is damaged"):
        read(bytes(content), "a.bmp")


@pytest.mark.parametrize("name", ["PNG", "JPEG", "TIFF of a fax", "BMP", "GIF", "WebP"])
def test_a_picture_that_breaks_off_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "is_available", lambda: True)
    content = FILES[name]()
    with pytest.raises(DocumentError, match="the picture is damaged"):
        read(content[: len(content) * 2 // 3], "a")


def pages_of_tiff() -> bytes:
    return saved(PAGE, "TIFF", save_all=True, append_images=[PAGE, PAGE], compression="tiff_lzw")


def test_a_picture_whose_later_pages_are_missing_says_so() -> None:
    content = pages_of_tiff()
    cut_off: list[str] = []
    assert len(list(pages_in(content, cut_off))) == 3
    assert not cut_off
    assert len(list(pages_in(content[: len(content) * 2 // 3], cut_off))) == 2
    assert cut_off == ["only 2 pages of the picture can be read: is it cut off?"]


def test_pages_of_a_picture_that_go_in_a_circle_end() -> None:
    content = bytearray(pages_of_tiff())
    first = int.from_bytes(content[4:8], "little")
    entries = int.from_bytes(content[first : first + 2], "little")
    at = first + 2 + 12 * entries
    content[at : at + 4] = content[4:8]
    cut_off: list[str] = []
    assert len(list(pages_in(bytes(content), cut_off))) == 1
    assert cut_off


def test_a_page_on_its_side_is_not_taken_for_upright_by_single_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a line of a page that is turned sideways, the recogniser reads single letters, and is sure of them."""
    page = Image.new("L", (400, 600), 255)
    for left in range(40, 360, 40):
        ImageDraw.Draw(page).rectangle((left, 100, left + 10, 500), fill=0)  # a line of text from top to bottom
    monkeypatch.setattr(scan, "_recognised", lambda grey, *_: ("出" if len(grey) > len(grey[0]) else 60 * "字", 1.0))
    read: list[tuple[int, ...]] = []
    monkeypatch.setattr(scan, "_read_upright", lambda number, picture: read.append(picture.grey.shape))
    scan.read_page(1, np.asarray(page))
    assert read == [(800, 1200)]
