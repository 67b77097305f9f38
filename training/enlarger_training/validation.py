"""What networks are judged on: held-out pictures, as they are and hurt in fixed, seeded ways."""

import numpy as np

from .damage import compressed, white_noise
from .data import Pairs

CLEAN = "clean"
DAMAGES = {
    CLEAN: lambda picture, rng: picture,
    "noise 15": lambda picture, rng: white_noise(picture, 15, rng),
    "JPEG 30": lambda picture, rng: compressed(picture, "JPEG", 30),
    "noise 50": lambda picture, rng: white_noise(picture, 50, rng),
    "JPEG 10": lambda picture, rng: compressed(picture, "JPEG", 10),
    "WebP 30": lambda picture, rng: compressed(picture, "WEBP", 30),
    "noise 10, JPEG 50": lambda picture, rng: compressed(white_noise(picture, 10, rng), "JPEG", 50),
}
WATCHED = (CLEAN, "noise 15", "JPEG 30")  # what is measured on the way
MIDDLE = 256


def hurt(pairs: list, damage: str) -> list:
    """(high, low) pairs with each low picture hurt by DAMAGES[`damage`]; the same for the same order."""
    return [(high, DAMAGES[damage](low, np.random.default_rng(index))) for index, (high, low) in enumerate(pairs)]


def watched(pairs: Pairs, damage: bool) -> dict[str, list]:
    """The sets of a recipe's log by name. With `damage` the middles of the pictures, in each watched state."""
    if not damage:
        return {"validation": pairs.pairs}
    return {name: hurt(middles(pairs), name) for name in WATCHED}


def middles(pairs: Pairs) -> list:
    """The middle MIDDLE×MIDDLE pixels of each original, or all of a smaller one, with what belongs to them."""
    return [_middle(high, low, pairs.scale) for high, low in pairs.pairs]


def _middle(high: np.ndarray, low: np.ndarray, scale: int) -> tuple[np.ndarray, np.ndarray]:
    side = MIDDLE // scale
    top, left = (max(0, (size - side) // 2) for size in low.shape[:2])
    bottom, right = top + side, left + side
    return high[top * scale : bottom * scale, left * scale : right * scale], low[top:bottom, left:right]
