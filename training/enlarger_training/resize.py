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


@lru_cache(maxsize=64)
def _taps(size_in: int, size_out: int) -> tuple[np.ndarray, np.ndarray]:
    """(source, weight), each [taps, size_out]: what of each row of `resampling_matrix` is not zero."""
    matrix = resampling_matrix(size_in, size_out)
    count = np.count_nonzero(matrix, axis=1).max()
    source = np.sort(np.argsort(matrix == 0, axis=1, kind="stable")[:, :count], axis=1)
    return source.T, np.take_along_axis(matrix, source, axis=1).T


def _along_first(image: np.ndarray, size: int) -> np.ndarray:
    """The first axis of `image` [in, …] resampled to `size`."""
    total = np.zeros((size, *image.shape[1:]))
    for source, weight in zip(*_taps(len(image), size)):
        total += weight[:, None, None] * image[source]
    return total


def bicubic(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Resample `image` (H×W×C, uint8) to height×width×C, uint8, rounded half up."""
    out = _along_first(image, height)
    out = _along_first(np.ascontiguousarray(out.transpose(1, 0, 2)), width).transpose(1, 0, 2)
    return np.clip(np.floor(out + 0.5), 0, 255).astype(np.uint8, order="C")


def reduced(image: np.ndarray, scale: int) -> tuple[np.ndarray, np.ndarray]:
    """(high, low): `image` cropped to a multiple of `scale`, and its bicubic reduction."""
    height, width = image.shape[0] // scale, image.shape[1] // scale
    high = image[: height * scale, : width * scale]
    return high, high if scale == 1 else bicubic(high, height, width)
