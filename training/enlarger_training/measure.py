"""PSNR on BT.601 luma, the figure the field compares by, and networks run over whole pictures."""

import math
from pathlib import Path

import numpy as np
import torch

from .data import load_rgb
from .resize import bicubic, reduced

LUMA = np.array([65.481, 128.553, 24.966]) / 255.0


def psnr_y(a: np.ndarray, b: np.ndarray, shave: int) -> float:
    """dB between two H×W×3 uint8 pictures, `shave` pixels off each border."""
    inner = np.s_[shave:-shave, shave:-shave]
    difference = ((a.astype(np.float64) - b) @ LUMA)[inner]
    mse = float(np.mean(difference**2))
    return math.inf if mse == 0 else 10 * math.log10(255**2 / mse)


def reflect_padded(image: np.ndarray, radius: int) -> np.ndarray:
    """H×W×3 grown by `radius` on each side by reflection (without repeating the edge), as the
    application pads a picture's own borders; a side shorter than the radius reflects repeatedly."""
    return np.pad(image, ((radius, radius), (radius, radius), (0, 0)), mode="reflect")


def to_tensor(image: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(image.transpose(2, 0, 1)[None].astype(np.float32) / 255.0)


def to_image(tensor: torch.Tensor) -> np.ndarray:
    array = tensor[0].float().clamp(0, 1).mul(255).round().byte().numpy()
    return array.transpose(1, 2, 0)


def enlarge(network, image: np.ndarray) -> np.ndarray:
    """The whole picture in one piece, with reflected borders; uint8 in and out."""
    with torch.no_grad():
        return to_image(network(to_tensor(reflect_padded(image, network.layers)), padded=False))


def score_pairs(enlarged, pairs, scale: int) -> float:
    """Mean PSNR-Y of `enlarged(low)` over (high, low) pairs."""
    return float(np.mean([psnr_y(high, enlarged(low), scale) for high, low in pairs]))


def load_pairs(folder: Path, scale: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """(high, low) by name of a benchmark folder's pictures, reduced by bicubic."""
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".png", ".bmp", ".webp"))
    return {path.stem: reduced(load_rgb(path), scale) for path in paths}


def score_folder(enlarged, folder: Path, scale: int) -> dict[str, float]:
    """PSNR-Y by picture of a benchmark folder, reduced by bicubic first."""
    pairs = load_pairs(folder, scale)
    return {name: psnr_y(high, enlarged(low), scale) for name, (high, low) in pairs.items()}


def bicubic_baseline(scale: int):
    return lambda low: bicubic(low, low.shape[0] * scale, low.shape[1] * scale)
