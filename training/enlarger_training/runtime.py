"""Exported models run where the application runs them: ONNX Runtime in Node."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from .data import load_rgb

TRAINING = Path(__file__).resolve().parents[1]
MODELS = TRAINING.parent / "resources" / "models"


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


def write_page(models: Path) -> None:
    """Brings docs/models.md up to date, if those are the `models` that ship."""
    if models.resolve() == MODELS:
        subprocess.run([node(), str(TRAINING / "models-page.ts")], check=True)


def enlarged(model: Path, pictures: dict[str, np.ndarray], radius: int, multiple: int = 1, strength: float = 1) -> dict:
    """What `model` makes of each of `pictures` (name → H×W×3 uint8), by name. `radius`, `multiple` and
    `strength` as in a manifest; a model without a strength takes no notice of it."""
    with tempfile.TemporaryDirectory() as scratch:
        source, result = (Path(scratch) / side for side in ("from", "to"))
        write_pictures(source, pictures)
        result.mkdir()
        run_script("enlarge.mjs", model, source, result, radius, multiple, strength)
        return {name: load_rgb(result / f"{name}.png") for name in pictures}


def write_pictures(folder: Path, pictures: dict[str, np.ndarray]) -> None:
    """Each as NAME.png."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        Image.fromarray(np.ascontiguousarray(picture)).save(folder / f"{name}.png", compress_level=1)
