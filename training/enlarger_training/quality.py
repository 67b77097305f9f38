"""How near a picture comes to its original, by the field's measures. Pictures are H×W×3 uint8; luma is
ITU-R BT.601's as MATLAB's rgb2ycbcr has it, 16..235."""

import math

import numpy as np

LUMA = np.array([65.481, 128.553, 24.966]) / 255.0
PEAK = 255.0
SSIM_WINDOW, SSIM_SIGMA = 11, 1.5
GMSD_CONSTANT = 170.0


def luma(picture: np.ndarray) -> np.ndarray:
    return picture.astype(np.float64) @ LUMA + 16


def psnr_y(a: np.ndarray, b: np.ndarray, shave: int) -> float:
    """dB on luma, `shave` pixels off each border."""
    return _decibels(_shaved(luma(a) - luma(b), shave))


def psnr_rgb(a: np.ndarray, b: np.ndarray, shave: int = 0) -> float:
    """dB over all three channels, `shave` pixels off each border."""
    return _decibels(_shaved(a.astype(np.float64) - b, shave))


def psnr(a: np.ndarray, b: np.ndarray, scale: int) -> float:
    """As the field has it: on luma for enlargements, `scale` pixels off; on colour for restoration."""
    return psnr_rgb(a, b) if scale == 1 else psnr_y(a, b, scale)


def ssim_y(a: np.ndarray, b: np.ndarray, shave: int) -> float:
    """Structural similarity of luma, 1 for equal pictures (Z. Wang and others, "Image Quality Assessment: From
    Error Visibility to Structural Similarity", 2004), where the whole window lies within the picture."""
    x, y = (_shaved(luma(picture), shave) for picture in (a, b))
    mean_x, mean_y = _windowed(x), _windowed(y)
    variance_x, variance_y = _windowed(x * x) - mean_x**2, _windowed(y * y) - mean_y**2
    covariance = _windowed(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * PEAK) ** 2, (0.03 * PEAK) ** 2
    brightness = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    structure = (2 * covariance + c2) / (variance_x + variance_y + c2)
    return float(np.mean(brightness * structure))


def gmsd_y(a: np.ndarray, b: np.ndarray, shave: int) -> float:
    """Gradient magnitude similarity deviation of luma, 0 for equal pictures: it follows what people see closer
    than PSNR does (W. Xue and others, "Gradient Magnitude Similarity Deviation", 2014). At half the size, as
    published; pixels whose gradient would need the other side of a border are left out."""
    x, y = (_gradient(_halved(_shaved(luma(picture), shave))) for picture in (a, b))
    similarity = (2 * x * y + GMSD_CONSTANT) / (x * x + y * y + GMSD_CONSTANT)
    return float(np.std(similarity))


def qualities(result: np.ndarray, original: np.ndarray, scale: int) -> dict[str, float]:
    """Every measure by name; `scale` pixels are left off each border of enlargements."""
    shave = 0 if scale == 1 else scale
    return {
        "PSNR-Y": psnr_y(result, original, shave),
        "PSNR-RGB": psnr_rgb(result, original, shave),
        "SSIM-Y": ssim_y(result, original, shave),
        "GMSD": gmsd_y(result, original, shave),
    }


def mean(values: list[float]) -> float:
    """Of a measure over pictures. Those equal to their originals have no finite PSNR and are left out, unless all
    are."""
    finite = [value for value in values if math.isfinite(value)]
    return float(np.mean(finite)) if finite else values[0]


def _shaved(values: np.ndarray, shave: int) -> np.ndarray:
    return values[shave : values.shape[0] - shave, shave : values.shape[1] - shave]


def _decibels(difference: np.ndarray) -> float:
    mse = float(np.mean(difference**2))
    return math.inf if mse == 0 else 10 * math.log10(PEAK**2 / mse)


def _windowed(values: np.ndarray) -> np.ndarray:
    """Means under a Gaussian window."""
    distance = np.arange(SSIM_WINDOW) - SSIM_WINDOW // 2
    weights = np.exp(-(distance**2) / (2 * SSIM_SIGMA**2))
    weights /= weights.sum()
    for _ in range(2):
        rows = len(values) - SSIM_WINDOW + 1
        values = sum(weight * values[at : at + rows] for at, weight in enumerate(weights)).T
    return values


def _halved(values: np.ndarray) -> np.ndarray:
    height, width = (size // 2 for size in values.shape)
    return values[: 2 * height, : 2 * width].reshape(height, 2, width, 2).mean((1, 3))


def _gradient(values: np.ndarray) -> np.ndarray:
    """Magnitude by Prewitt's operator."""
    across = (values[:, 2:] - values[:, :-2]) / 3
    down = (values[2:] - values[:-2]) / 3
    across = across[2:] + across[1:-1] + across[:-2]
    down = down[:, 2:] + down[:, 1:-1] + down[:, :-2]
    return np.hypot(across, down)
