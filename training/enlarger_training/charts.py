"""Drawings as screens and print have them: hard edges between flat colours, many of them pure. Photographs hold few
such places, and a network that has seen none overshoots there beyond white and black."""

import numpy as np
from PIL import Image, ImageDraw

COUNT, SIDE = 48, 96  # drawings, and their side in low-resolution pixels
SHAPES = 120  # in each


def charts(scale: int) -> list[np.ndarray]:
    """`COUNT` drawings of `SIDE`·scale pixels a side, uint8 RGB, always the same: half of them with all edges on the
    borders of low-resolution pixels."""
    return [_drawn(np.random.default_rng([scale, index]), scale, aligned=index % 2 == 0) for index in range(COUNT)]


def _drawn(rng: np.random.Generator, scale: int, aligned: bool) -> np.ndarray:
    grid = 1 if aligned else scale
    side = SIDE * grid
    picture = Image.new("RGB", (side, side), _colour(rng))
    draw = ImageDraw.Draw(picture)
    for _ in range(SHAPES):
        size = grid * np.exp(rng.uniform(0, np.log(24), 2))
        left, top = rng.uniform(-size, side)
        box = [left, top, left + size[0], top + size[1]]
        kind = rng.integers(4)
        if kind < 2:
            draw.rectangle(box, fill=_colour(rng))
        elif kind == 2:
            draw.polygon([tuple(corner) for corner in rng.uniform(0, 1, (3, 2)) * size + (left, top)], fill=_colour(rng))
        else:
            draw.line(box, fill=_colour(rng), width=int(rng.integers(1, 1 + 2 * grid)))
    pixels = np.asarray(picture)
    return pixels.repeat(scale, 0).repeat(scale, 1) if aligned else pixels


def _colour(rng: np.random.Generator) -> tuple[int, ...]:
    """Pure in two of three cases."""
    levels = 255 * rng.integers(0, 2, 3) if rng.integers(3) else rng.integers(0, 256, 3)
    return tuple(int(level) for level in levels)
