"""The manifest beside the model files: all that the application knows about them."""

import hashlib
import json
from pathlib import Path

from .graph import STRENGTH

ENDINGS = {"uint8": ".fp32.onnx", "float32": ".fp32.float.onnx"}  # of files' names, by dtype of pixels
RANGES = {"uint8": [0, 255], "float32": [0, 1]}
TILE = {1: 256, 2: 384}  # side by fold: a wider margin is paid for by a larger tile


def float_variant(folder: Path, identifier: str) -> dict:
    """fp32, whose files lie in `folder`."""
    entries = []
    for dtype, ending in ENDINGS.items():
        content = (folder / (identifier + ending)).read_bytes()
        found = {"file": identifier + ending, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        entries.append({"dtype": dtype, "range": RANGES[dtype]} | found)
    return {"id": "fp32", "entries": entries}


def manifest(recipe, network, folder: Path) -> dict:
    """Of a model that has its float32 files in `folder` and no other variant yet."""
    title, description = words(recipe)
    value = {
        "formatVersion": 1,
        "id": recipe.id,
        "title": title,
        "description": description,
        "task": "restore" if recipe.scale == 1 else "upscale",
        "scale": recipe.scale,
        "receptiveRadius": network.radius,
        "padding": "valid",
        "licence": "MIT",
        "source": "training/ in this repository",
        "layout": "NHWC",
        "channelOrder": "RGB",
    }
    if recipe.fold > 1:
        value["multiple"] = recipe.fold
    if recipe.damage:
        value["strength"] = {"input": STRENGTH, "dtype": "float32", "dims": [1], "from": 0, "to": 1, "default": 1}
    return value | {
        "tile": {"cpu": [TILE[recipe.fold]] * 2},
        "parameters": sum(p.numel() for p in network.parameters()),
        "variants": [float_variant(folder, recipe.id)],
    }


def words(recipe) -> tuple[str, str]:
    """Title and description, for people."""
    if recipe.scale == 1:
        return "Restore", "Removes noise and compression damage from photographs, at their own size."
    if recipe.damage:
        return (
            f"Photo ×{recipe.scale}, restoring",
            f"Enlarges noisy or compressed photographs {recipe.scale} times and heals them on the way.",
        )
    return f"Photo ×{recipe.scale}", f"Enlarges clean photographs {recipe.scale} times, faithfully and fast."


def read_manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def write_manifest(value: dict, folder: Path) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
