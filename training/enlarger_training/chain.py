"""Two exported models as one: what the first makes of a picture goes straight into the second."""

from pathlib import Path

import onnx
from onnx import checker, compose

from .graph import INPUT, OUTPUT, STRENGTH, save
from .manifest import ENDINGS, float_variant, write_manifest

PREFIXES = ("restore.", "enlarge.")


def chained(first: onnx.ModelProto, second: onnx.ModelProto) -> onnx.ModelProto:
    """`first`, which takes INPUT and STRENGTH, and then `second`; both of one pixel type. The inputs and the output
    keep their names."""
    before, after = PREFIXES
    joint = [(before + OUTPUT, after + INPUT)]
    parts = (compose.add_prefix(part, prefix) for part, prefix in zip((first, second), PREFIXES))
    made = compose.merge_models(*parts, joint)
    names = {before + INPUT: INPUT, before + STRENGTH: STRENGTH, after + OUTPUT: OUTPUT}
    for value in (*made.graph.input, *made.graph.output):
        value.name = names[value.name]
    for node in made.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    checker.check_model(made, full_check=True)
    return made


def chain_folders(healer: dict, enlarger: dict, models: Path, identifier: str, folder: Path) -> None:
    """The float32 files of the manifests `healer` and `enlarger`, which lie in folders of `models`, chained into
    `folder`, with their manifest."""
    for dtype, ending in ENDINGS.items():
        parts = [onnx.load(str(models / part["id"] / _file(part, dtype))) for part in (healer, enlarger)]
        save(chained(*parts), folder / (identifier + ending))
    write_manifest(chain_manifest(healer, enlarger, identifier, folder), folder)


def chain_manifest(healer: dict, enlarger: dict, identifier: str, folder: Path) -> dict:
    scale, radius = enlarger["scale"], chain_radius(healer, enlarger)
    return {
        **enlarger,
        "id": identifier,
        "title": f"Photo ×{scale}, restoring",
        "description": f"Removes noise and compression damage from photographs and enlarges them {scale} times.",
        "receptiveRadius": radius,
        "tile": healer["tile"],
        "parameters": healer["parameters"] + enlarger["parameters"],
        "multiple": healer["multiple"],
        "strength": healer["strength"],
        "variants": [float_variant(folder, identifier)],
    }


def chain_radius(healer: dict, enlarger: dict) -> int:
    """Of both together. It must be a multiple of the healer's `multiple`: its squares of pixels would otherwise lie
    elsewhere in a tile than in the picture."""
    radius = healer["receptiveRadius"] + enlarger["receptiveRadius"]
    if radius % healer["multiple"]:
        raise ValueError(f"{enlarger['id']} has an odd radius: {healer['id']} can only precede an even one")
    return radius


def _file(manifest: dict, dtype: str) -> str:
    entries = next(found["entries"] for found in manifest["variants"] if found["id"] == "fp32")
    return next(found["file"] for found in entries if found["dtype"] == dtype)
