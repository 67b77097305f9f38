"""From a trainer's averaged weights to what ships: model files, manifest and card, measured through
ONNX Runtime on the way."""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .card import write_card
from .compare import compared, pictures_of
from .data import Source
from .export import float_model
from .graph import save
from .manifest import ENDINGS, manifest, read_manifest, write_manifest
from .recipe import Recipe, Schedule
from .train import Trainer
from .variants import make_half, make_int8, note_figures, pixel_files, without_lossy_int8


@dataclass(frozen=True)
class Report:
    """All that the card tells."""

    schedule: Schedule
    iteration: int
    curve: list[dict]  # log lines with scores, one per iteration, in order
    sources: list[Source]
    faces: list[Source]
    benchmark: str | None
    quality: dict[str, dict[str, dict[str, float]]]  # name of the pictures → method → measure → mean
    no_int8: str  # why there is no int8 form, where there is none
    manifest: dict

    @property
    def recipe(self) -> Recipe:
        return self.schedule.recipe


def curve_of(log: Path, measured: str) -> list[dict]:
    if not log.exists():
        return []
    lines = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())
    by_iteration = {line["iteration"]: line for line in lines if measured in line}
    return [by_iteration[iteration] for iteration in sorted(by_iteration)]


def publish(trainer: Trainer, data: Path, sources: list[Source], folder: Path) -> None:
    """Everything of one model into `folder`, in place of what was there. The product finds it by the folder's name,
    which is the recipe's id."""
    recipe, network = trainer.recipe, trainer.average.cpu().eval()
    figure = "PSNR-RGB" if recipe.scale == 1 else "PSNR-Y"
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / recipe.id
        for dtype, ending in ENDINGS.items():
            save(float_model(network, dtype), made / (recipe.id + ending))
        write_manifest(manifest(recipe, network, made), made)
        make_half(made)
        no_int8 = make_int8(made, data, sources)
        files = pixel_files(made, read_manifest(made)["variants"])
        quality = {
            name: compared(network, files, pairs, "noise" in name) for name, pairs in pictures_of(trainer).items()
        }
        no_int8 = no_int8 or without_lossy_int8(made, quality, figure)
        shipped = note_figures(made, quality, figure)
        benchmark = trainer.benchmark.name if trainer.benchmark else None
        curve = curve_of(trainer.folder / "log.jsonl", next(iter(trainer.watched)))
        told = (curve, sources, trainer.faces, benchmark, quality, no_int8, shipped)
        write_card(Report(trainer.schedule, trainer.iteration, *told), made)
        put(made, folder)
    print(json.dumps({"folder": str(folder), "quality": quality, "noInt8": no_int8}), flush=True)


def put(made: Path, folder: Path) -> None:
    """`made` takes the place of the model in `folder`."""
    for old in folder.glob("*.onnx"):
        old.unlink()
    shutil.copytree(made, folder, dirs_exist_ok=True)
