"""Networks run over whole pictures, and their PSNR, the figure the field compares by."""

from pathlib import Path

import numpy as np
import torch

from .data import load_rgb
from .quality import mean, psnr
from .resize import bicubic, reduced


def reflect_padded(image: np.ndarray, radius: int, multiple: int = 1) -> np.ndarray:
    """H×W×3 grown by `radius` on each side by reflection (the edge repeated), as the
    application pads a picture's own borders; a side shorter than the radius reflects repeatedly. Below and
    to the right it is also grown to a multiple of `multiple`."""
    sides = [(radius, radius + -size % multiple) for size in image.shape[:2]]
    return np.pad(image, (*sides, (0, 0)), mode="symmetric")


def to_tensor(image: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(image.transpose(2, 0, 1)[None].astype(np.float32) / 255.0)


def to_image(tensor: torch.Tensor) -> np.ndarray:
    array = tensor[0].float().clamp(0, 1).mul(255).round().byte().numpy()
    return array.transpose(1, 2, 0)


def enlarge(network, image: np.ndarray) -> np.ndarray:
    """The whole picture in one piece, with reflected borders; uint8 in and out."""
    height, width = image.shape[:2]
    padded = reflect_padded(image, network.radius, network.fold)
    with torch.no_grad():
        result = to_image(network(to_tensor(padded), padded=False))
    return result[: height * network.scale, : width * network.scale]


def score_pairs(enlarged, pairs, scale: int) -> float:
    """Mean PSNR of `enlarged(low)` over (high, low) pairs."""
    return mean([psnr(high, enlarged(low), scale) for high, low in pairs])


def load_pairs(folder: Path, scale: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """(high, low) by name of a benchmark folder's pictures, reduced by bicubic."""
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".png", ".bmp", ".webp"))
    return {path.stem: reduced(load_rgb(path), scale) for path in paths}


def score_folder(enlarged, folder: Path, scale: int) -> dict[str, float]:
    """PSNR by picture of a benchmark folder, reduced by bicubic first."""
    pairs = load_pairs(folder, scale)
    return {name: psnr(high, enlarged(low), scale) for name, (high, low) in pairs.items()}


def bicubic_baseline(scale: int):
    return lambda low: bicubic(low, low.shape[0] * scale, low.shape[1] * scale)
