"""The picture of a scanned page, prepared for reading: without stamps, specks and grain, and straightened."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LONG_SIDE = 842.0  # points of a sheet of A4: pictures do not know their size

_COLOURED = 50  # of 255, between the strongest and the weakest colour of a pixel
_STAMP = 45.0  # points; a stamp is larger both ways, printed figures and letters are not
_STAMP_GAP = 2.5  # points; the parts of a stamp are nearer to each other than lines of text
_RIM = 1.0  # point; so far the edge of a stamp is blurred
_MOST_INKED = 0.5  # of its box; what is inked more is a shaded area, on which text may be white
SMALLEST_SCALE = 2.8  # pixels a point, 200 an inch; the recogniser likes letters of 30 pixels and more
_GRAIN = 3  # of 255; paper that is more uneven from pixel to pixel is smoothed
_SPECK = 80  # of 255; a pixel that differs so much from all around it is a speck
_LARGEST_SPECK = 4  # pixels; a decimal point has more
_LARGEST_COARSE_SPECK = 2  # pixels of a picture that will be enlarged, whose decimal points have four
_SPECKLED = 0.0005  # of a page; clean pages have a tenth of that
_MOST_LEAN = np.radians(5)  # a scan that leans more was laid in by hand
_LEAST_LEAN = 0.04  # degrees; turning a page blurs it a little

Image = NDArray[np.uint8]
_AROUND: Image = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.uint8)  # the neighbours of a pixel


class Picture(NamedTuple):
    """A page in grey, and a mask of the stamps on it (255): what is printed below them may be lost."""

    grey: Image
    covered: Image

    def rotated(self, turn: int) -> Picture:
        """The page turned by a quarter or half."""
        import cv2

        return Picture(cv2.rotate(self.grey, turn), cv2.rotate(self.covered, turn))


def scale_of(image: Image) -> float:
    """Pixels per point."""
    return float(max(image.shape[:2])) / LONG_SIDE


def picture_of(image: Image) -> Picture:
    """A picture in grey, large enough, without stamps, specks and grain; ``image`` may have colours."""
    import cv2

    image = _without_specks(image)
    if scale_of(image) < SMALLEST_SCALE:
        image = cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    grey, covered = (image, np.zeros_like(image)) if image.ndim == 2 else _without_stamps(image)
    return Picture(_without_grain(grey), covered)


def _grey(image: Image) -> Image:
    import cv2

    grey: Image = image if image.ndim == 2 else cv2.cvtColor(image[..., :3], cv2.COLOR_BGR2GRAY)
    return grey


def is_speckled(image: Image) -> bool:
    """Whether a picture has black and white dots of one pixel each."""
    import cv2

    grey = _grey(image)
    darker = cv2.subtract(cv2.erode(grey, _AROUND), grey)
    lighter = cv2.subtract(grey, cv2.dilate(grey, _AROUND))
    return bool(np.mean(cv2.max(darker, lighter) > _SPECK) >= _SPECKLED)


def _without_specks(image: Image) -> Image:
    """A picture without black and white dots, as of a bad sensor or copier. A clean picture is not changed."""
    import cv2

    if not is_speckled(image):
        return image
    grey = _grey(image)
    lighter = cv2.subtract(grey, cv2.dilate(grey, _AROUND))
    # only dots are painted over: what smooths a page takes thin rules and decimal points away, too
    near = np.ones((7, 7), np.uint8)
    ink = (cv2.subtract(cv2.dilate(grey, near), grey) > _SPECK).astype(np.uint8)
    _, spots, measures, _ = cv2.connectedComponentsWithStats(ink)
    largest = _LARGEST_SPECK if scale_of(grey) >= SMALLEST_SCALE else _LARGEST_COARSE_SPECK
    dots = (measures[:, cv2.CC_STAT_AREA] <= largest)[spots]
    holes = lighter > _SPECK
    clean: Image = image.copy()
    clean[dots] = cv2.dilate(image, near)[dots]
    clean[holes] = cv2.medianBlur(image, 3)[holes]
    return clean


def _without_stamps(image: Image) -> Picture:
    """A picture in grey. Coloured ink becomes as light as paper if it belongs to a stamp; text below it stays dark if
    it absorbs all colours. Coloured figures and letters, which are small, are kept."""
    import cv2

    scale, image = scale_of(image), image[..., :3]
    strongest, weakest = image.max(axis=2), image.min(axis=2)
    grey: Image = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    covered: Image = np.zeros_like(grey)
    coloured = (strongest - weakest > _COLOURED).astype(np.uint8)
    gap = 2 * round(_STAMP_GAP * scale / 2) + 1
    rim = 2 * round(_RIM * scale) + 1
    joined = cv2.dilate(coloured, np.ones((gap, gap), np.uint8))
    for left, top, width, height, _ in cv2.connectedComponentsWithStats(joined)[2][1:].tolist():
        area = np.s_[top : top + height, left : left + width]
        if min(width, height) < _STAMP * scale or coloured[area].mean() > _MOST_INKED:
            continue
        inked = strongest[area][coloured[area] > 0]
        level = max(1.0, float(np.percentile(inked, 60)))  # how strong the colour itself is; text below it is weaker
        paper = np.uint8(np.percentile(grey[area], 90))
        near = cv2.dilate(coloured[area], np.ones((rim, rim), np.uint8)) > 0
        grey[area][near & (strongest[area] > level / 2)] = paper
        covered[area][near] = 255
    return Picture(grey, covered)


def _without_grain(grey: Image) -> Image:
    """A picture with even paper and ink. A clean picture is not changed: smoothing costs sharpness."""
    import cv2

    smooth = cv2.GaussianBlur(grey, (0, 0), 2)
    unevenness = cv2.absdiff(grey, smooth)[smooth > 200]
    if not unevenness.size or np.median(unevenness) < _GRAIN:
        return grey
    # edges stay sharp: rules and decimal points are hardly larger than specks
    even: Image = cv2.bilateralFilter(grey, 7, 60, 3)
    return even


def ink_of(grey: Image, scale: float) -> Image:
    """White pixels for ink, also under uneven light, without the grain of the scanner."""
    import cv2

    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    around = 2 * round(5 * scale) + 1
    ink: Image = cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, around, 20)
    return ink


def straightened(picture: Picture) -> Picture:
    """The page rotated by the few degrees by which its horizontal rules lean."""
    import cv2

    grey, covered = picture
    half = cv2.resize(ink_of(grey, scale_of(grey)), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    strong = cv2.threshold(half, 60, 255, cv2.THRESH_BINARY)[1]
    level = np.pi / 2
    found = cv2.HoughLines(
        strong, 1, np.pi / 3600, half.shape[1] // 4, min_theta=level - _MOST_LEAN, max_theta=level + _MOST_LEAN
    )
    if found is None:
        return picture
    angle = float(np.degrees(np.median(np.asarray(found).reshape(-1, 2)[:50, 1]) - level))
    if abs(angle) < _LEAST_LEAN:
        return picture
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    size = (width, height)
    turned: Image = cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_CUBIC, borderValue=255)
    if not covered.any():
        return Picture(turned, covered)
    cover: Image = cv2.warpAffine(covered, matrix, size, flags=cv2.INTER_NEAREST)
    return Picture(turned, cover)
