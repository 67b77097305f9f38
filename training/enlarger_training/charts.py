"""Drawings as screens and print have them: hard edges between flat colours, in most of them pure ones. Photographs hold
few such places, and a network that has seen none overshoots there beyond white and black."""

import numpy as np
from PIL import Image, ImageDraw

from .resize import reduced

COUNT, SIDE = 48, 96  # drawings, and their side in low-resolution pixels
SHAPES = 120  # in each


def charts(scale: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """`COUNT` pairs (high, low) of drawings of `SIDE` pixels a side when low, uint8 RGB, always the same. Half of them are
    drawn small, as icons are, each pixel then a square; the others are drawn large, and reduced."""
    pairs = []
    for index in range(COUNT):
        rng = np.random.default_rng([scale, index])
        if index % 2 == 0:
            low = _drawn(rng, 1)
            pairs.append((low.repeat(scale, 0).repeat(scale, 1), low))
        else:
            pairs.append(reduced(_drawn(rng, scale), scale))
    return pairs


def _drawn(rng: np.random.Generator, grid: int) -> np.ndarray:
    """With `grid` pixels for each of the low-resolution side."""
    side = SIDE * grid
    pure = rng.integers(3) > 0
    picture = Image.new("RGB", (side, side), _colour(rng, pure))
    draw = ImageDraw.Draw(picture)
    for _ in range(SHAPES):
        size = grid * np.exp(rng.uniform(0, np.log(24), 2))
        left, top = rng.uniform(-size, side)
        box = [left, top, left + size[0], top + size[1]]
        kind = rng.integers(4)
        if kind < 2:
            draw.rectangle(box, fill=_colour(rng, pure))
        elif kind == 2:
            draw.polygon([tuple(corner) for corner in rng.uniform(0, 1, (3, 2)) * size + (left, top)], fill=_colour(rng, pure))
        else:
            draw.line(box, fill=_colour(rng, pure), width=int(rng.integers(1, 1 + 2 * grid)))
    return np.asarray(picture)


def _colour(rng: np.random.Generator, pure: bool) -> tuple[int, ...]:
    levels = 255 * rng.integers(0, 2, 3) if pure and rng.integers(4) else rng.integers(0, 256, 3)
    return tuple(int(level) for level in levels)
