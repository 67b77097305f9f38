"""What the tests share: small seeded networks and pictures, and a way to run exported models."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import onnx
import torch
from enlarger_training.graph import save
from enlarger_training.network import ResidualSR
from enlarger_training.runtime import run_script

BLOCKS, RADIUS = 1, 4


def network(scale: int, fold: int = 1, contrast: bool = False, biases: bool = True) -> ResidualSR:
    """Small, and with a residual large enough to matter."""
    torch.manual_seed(scale)
    made = ResidualSR(scale, 16, BLOCKS, fold, contrast, biases)
    with torch.no_grad():
        made.convs[-1].weight.mul_(2)
        for conv in made.convs:
            if conv.bias is not None:
                conv.bias.uniform_(-0.05, 0.05)
    return made


def picture(height: int, width: int, seed: int = 0) -> np.ndarray:
    """Smooth with hard edges, uint8."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    wave = 128 + 90 * np.sin(x / 5 + rng.uniform(0, 6, 3)[:, None, None]) * np.cos(y / 7)
    wave[:, (x // 8 + y // 8) % 3 == 0] = 250
    return wave.transpose(1, 2, 0).astype(np.uint8)


def run(model: onnx.ModelProto, image: np.ndarray, strength: float = 1) -> np.ndarray:
    """What ONNX Runtime makes of `image`, H×W×3."""
    with tempfile.TemporaryDirectory() as scratch:
        path, source, result = (Path(scratch) / name for name in ("m.onnx", "in", "out"))
        save(model, path)
        np.ascontiguousarray(image).tofile(source)
        size = (image.dtype.name, *image.shape[:2])
        dims = run_script("tests/run.mjs", path, *size, source, result, strength)
        return np.fromfile(result, image.dtype).reshape(dims[1:])
