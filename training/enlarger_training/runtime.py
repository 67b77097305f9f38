"""Exported models run where the application runs them: ONNX Runtime in Node."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

TRAINING = Path(__file__).resolve().parents[1]


def node() -> str:
    """The Node of `npm install` in this repository, or the machine's own."""
    own = TRAINING.parent / "node_modules" / ".bin" / "node"
    found = str(own) if own.exists() else shutil.which("node")
    if not found:
        raise SystemExit("Node is needed to run the exported models: `npm install` in the repository first")
    return found


def run_script(name: str, *arguments) -> object:
    """What training/`name` prints as JSON."""
    command = [node(), str(TRAINING / name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{name} {' '.join(map(str, arguments))} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def write_pairs(folder: Path, pairs: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    """(high, low) pictures by name as evaluate.mjs reads them."""
    for side in ("low", "high"):
        (folder / side).mkdir(parents=True, exist_ok=True)
    for name, (high, low) in pairs.items():
        for side, picture in (("high", high), ("low", low)):
            Image.fromarray(np.ascontiguousarray(picture)).save(folder / side / f"{name}.png", compress_level=1)


def scores(model: Path, folder: Path, scale: int, radius: int) -> dict[str, float]:
    """PSNR-Y in dB by picture of a folder that `write_pairs` wrote."""
    return run_script("evaluate.mjs", model, folder, scale, radius)


def milliseconds(side: int, rounds: int, *models: Path) -> list[float]:
    """Median time of a side×side tile by model, taken in turns on one thread."""
    return run_script("speed.mjs", side, rounds, *models)
