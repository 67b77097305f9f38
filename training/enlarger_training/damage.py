"""What befalls pictures between lens and user: blur, sensor noise, lossy compression, in any order and
number. Every function takes and returns H×W×3 uint8 pictures, and draws only from the generator given."""

import io
import math

import numpy as np
from PIL import Image

MARGIN = 16  # pixels that `damaged` wants around what is kept: room for blur and for grids that miss the corner
STRONGEST_NOISE = 50.0  # levels
QUALITIES = (10, 95)
SINGLE = ("nothing", "white noise", "sensor noise", "jpeg", "webp", "blur", "several")
SHARES = (0.05, 0.22, 0.05, 0.3, 0.08, 0.03, 0.27)  # of patches that see the damage of that name alone


def white_noise(picture: np.ndarray, sigma: float, rng: np.random.Generator, gray: bool = False) -> np.ndarray:
    """Gaussian noise of `sigma` levels; `gray`: the same in each channel."""
    shape = (*picture.shape[:2], 1 if gray else 3)
    return _levels(picture + np.float32(sigma) * rng.standard_normal(shape, np.float32))


def sensor_noise(picture: np.ndarray, shot: float, read: float, rng: np.random.Generator) -> np.ndarray:
    """Poisson-Gaussian noise in its normal approximation: variance shot·light + read², light in 0..1
    and linear (A. Foi and others, "Practical Poissonian-Gaussian Noise Modeling", 2008)."""
    light = (picture / np.float32(255)) ** np.float32(2.2)
    light += np.sqrt(shot * light + read**2) * rng.standard_normal(light.shape, np.float32)
    return _levels(255 * np.maximum(light, 0) ** np.float32(1 / 2.2))


def blurred(picture: np.ndarray, along: float, across: float, angle: float) -> np.ndarray:
    """Gaussian blur, its standard deviations in pixels along and across `angle` (radians)."""
    reach = math.ceil(2.5 * max(along, across))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    u, v = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
    kernel = np.exp(-0.5 * ((u / along) ** 2 + (v / across) ** 2))
    kernel /= kernel.sum()
    height, width = picture.shape[:2]
    padded = np.pad(picture, ((reach, reach), (reach, reach), (0, 0)), mode="reflect").astype(np.float32)
    total = np.zeros(picture.shape, np.float32)
    for (row, column), weight in np.ndenumerate(kernel):
        if weight > 1e-4:
            total += weight * padded[row : row + height, column : column + width]
    return _levels(total)


def compressed(picture: np.ndarray, kind: str, quality: int, **options) -> np.ndarray:
    """Written as `kind` ("JPEG" or "WEBP") and read again; `options` are Pillow's."""
    stored = io.BytesIO()
    Image.fromarray(picture).save(stored, kind, quality=quality, **options)
    with Image.open(stored) as image:
        return np.asarray(image.convert("RGB"))


def damaged(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """`picture` less MARGIN pixels on each side, hurt at random."""
    kind = rng.choice(SINGLE, p=SHARES)
    for step in _several(rng) if kind == "several" else [_STEPS[kind]]:
        picture = step(picture, rng)
    return picture[MARGIN:-MARGIN, MARGIN:-MARGIN]


def _levels(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _several(rng: np.random.Generator) -> list:
    """One to five steps in random order; every compression has its grid elsewhere."""
    chances = ((_some_blur, 0.35), (_some_white_noise, 0.45), (_some_sensor_noise, 0.3), (_some_jpeg, 0.65))
    steps = [step for step, chance in chances if rng.random() < chance]
    if rng.random() < 0.35:
        steps.append(_some_jpeg if rng.random() < 0.7 else _some_webp)
    rng.shuffle(steps)
    return steps or [_some_white_noise, _some_jpeg]


def _some_white_noise(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return white_noise(picture, rng.uniform(0, STRONGEST_NOISE), rng, gray=rng.random() < 0.12)


def _some_sensor_noise(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return sensor_noise(picture, 10 ** rng.uniform(-4, -1.8), 10 ** rng.uniform(-3.5, -1.8), rng)


def _some_blur(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    along = rng.uniform(0.3, 1.2)
    across = along if rng.random() < 0.6 else rng.uniform(0.3, 1.2)
    return blurred(picture, along, across, rng.uniform(0, math.pi))


def _some_jpeg(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    quality = int(rng.integers(QUALITIES[0], QUALITIES[1] + 1))
    return _off_grid(picture, rng, "JPEG", quality, subsampling=int(rng.choice((0, 2), p=(0.35, 0.65))))


def _some_webp(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return _off_grid(picture, rng, "WEBP", int(rng.integers(QUALITIES[0], QUALITIES[1] + 1)), method=0)


def _off_grid(picture: np.ndarray, rng: np.random.Generator, kind: str, quality: int, **options) -> np.ndarray:
    """Compressed with the codec's blocks beginning at any place of the first 16×16 pixels."""
    top, left = rng.integers(MARGIN, size=2)
    whole = np.ascontiguousarray(picture[top:, left:])
    return np.pad(compressed(whole, kind, quality, **options), ((top, 0), (left, 0), (0, 0)), mode="edge")


_STEPS = {
    "nothing": lambda picture, _: picture,
    "white noise": _some_white_noise,
    "sensor noise": _some_sensor_noise,
    "jpeg": _some_jpeg,
    "webp": _some_webp,
    "blur": _some_blur,
}
