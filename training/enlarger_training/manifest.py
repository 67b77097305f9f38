"""The manifest beside the model files: all that the application knows about them."""

import hashlib
import json
from pathlib import Path

VARIANTS = {  # variant: {dtype of pixels: how its file's name ends}
    "fp32": {"uint8": ".fp32.onnx", "float32": ".fp32.float.onnx"},
    "int8": {"uint8": ".int8.onnx"},
}
RANGES = {"uint8": [0, 255], "float32": [0, 1]}


def entry(folder: Path, identifier: str, variant: str, dtype: str) -> dict:
    path = folder / (identifier + VARIANTS[variant][dtype])
    content = path.read_bytes()
    return {
        "dtype": dtype,
        "range": RANGES[dtype],
        "file": path.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }


def manifest(recipe, network, folder: Path, psnr: dict[str, dict[str, float]]) -> dict:
    """`psnr`: variant → name of the pictures → mean dB."""
    return {
        "formatVersion": 1,
        "id": recipe.id,
        "title": f"Photo ×{recipe.scale}",
        "description": f"Enlarges clean photographs {recipe.scale} times, faithfully and fast.",
        "task": "upscale",
        "scale": recipe.scale,
        "receptiveRadius": recipe.layers,
        "padding": "valid",
        "licence": "MIT",
        "source": "training/ in this repository",
        "layout": "NHWC",
        "channelOrder": "RGB",
        "tile": {"cpu": [256, 256]},
        "parameters": sum(p.numel() for p in network.parameters()),
        "variants": [
            {
                "id": variant,
                "entries": [entry(folder, recipe.id, variant, dtype) for dtype in dtypes],
                "psnr": {name: round(value, 3) for name, value in psnr[variant].items()},
            }
            for variant, dtypes in VARIANTS.items()
        ],
    }


def write_manifest(value: dict, folder: Path) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
