"""Bicubic resampling as the super-resolution literature uses it.

Keys' cubic convolution with a = -0.5 (R. Keys, 1981), stretched by the reduction factor when
shrinking (anti-aliasing) and with mirrored borders: the behaviour of MATLAB's `imresize`, which
every published PSNR table of the field assumes.
"""

from functools import lru_cache

import numpy as np


def _keys(distance: np.ndarray) -> np.ndarray:
    d = np.abs(distance)
    near = ((1.5 * d - 2.5) * d) * d + 1.0
    far = ((-0.5 * d + 2.5) * d - 4.0) * d + 2.0
    return np.where(d <= 1, near, np.where(d < 2, far, 0.0))


@lru_cache(maxsize=64)
def resampling_matrix(size_in: int, size_out: int) -> np.ndarray:
    """The matrix [size_out, size_in] (float64, rows sum to 1) that resamples one axis."""
    ratio = size_in / size_out
    stretch = max(ratio, 1.0)
    centre = (np.arange(size_out) + 0.5) * ratio - 0.5
    reach = int(np.ceil(2 * stretch)) + 1
    taps = np.floor(centre)[:, None] + np.arange(-reach, reach + 1)[None, :]
    weight = _keys((taps - centre[:, None]) / stretch)
    weight /= weight.sum(axis=1, keepdims=True)
    period = np.mod(taps.astype(np.int64), 2 * size_in)
    source = np.where(period < size_in, period, 2 * size_in - 1 - period)
    matrix = np.zeros((size_out, size_in))
    np.add.at(matrix, (np.arange(size_out)[:, None].repeat(taps.shape[1], 1), source), weight)
    return matrix


def _along_first(matrix: np.ndarray, image: np.ndarray) -> np.ndarray:
    """`matrix` [out, in] applied to the first axis of `image` [in, …], as one product."""
    return (matrix @ image.reshape(len(image), -1)).reshape(-1, *image.shape[1:])


def bicubic(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Resample `image` (H×W×C, uint8) to height×width×C, uint8, rounded half up."""
    out = _along_first(resampling_matrix(image.shape[0], height), image.astype(np.float64))
    out = _along_first(resampling_matrix(image.shape[1], width), out.transpose(1, 0, 2)).transpose(1, 0, 2)
    return np.clip(np.floor(out + 0.5), 0, 255).astype(np.uint8, order="C")


def reduced(image: np.ndarray, scale: int) -> tuple[np.ndarray, np.ndarray]:
    """(high, low): `image` cropped to a multiple of `scale`, and its bicubic reduction."""
    height, width = image.shape[0] // scale, image.shape[1] // scale
    high = image[: height * scale, : width * scale]
    return high, bicubic(high, height, width)
