"""From a trainer's averaged weights to what ships: model files, manifest and card, measured through
ONNX Runtime on the way."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .calibrate import calibrated
from .card import write_card
from .data import Source
from .export import float_model, int8_model
from .graph import save
from .manifest import VARIANTS, manifest, write_manifest
from .measure import bicubic_baseline, enlarge, load_pairs, score_pairs
from .runtime import milliseconds, scores, write_pairs
from .recipe import Recipe, Schedule
from .train import Trainer

SPEED_TILE, SPEED_ROUNDS = 256, 7
AGREEMENT = 0.01  # dB between torch and ONNX Runtime


@dataclass(frozen=True)
class Report:
    """All that the card tells."""

    schedule: Schedule
    iteration: int
    curve: list[dict]  # log lines with scores, one per iteration, in order
    sources: list[Source]
    benchmark: str | None
    psnr: dict[str, dict[str, float]]  # "bicubic" and each variant → name of the pictures → mean dB
    choices: dict  # how the int8 ranges were chosen
    tile_ms: list[float]  # float32, int8
    manifest: dict

    @property
    def recipe(self) -> Recipe:
        return self.schedule.recipe


def curve_of(log: Path) -> list[dict]:
    if not log.exists():
        return []
    lines = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())
    by_iteration = {line["iteration"]: line for line in lines if "validation" in line}
    return [by_iteration[iteration] for iteration in sorted(by_iteration)]


def export(network, form, folder: Path, identifier: str) -> dict[str, Path]:
    """Writes every file of VARIANTS; returns each variant's uint8 file."""
    models = {("int8", "uint8"): int8_model(form)}
    models |= {("fp32", dtype): float_model(network, dtype) for dtype in VARIANTS["fp32"]}
    for (variant, dtype), model in models.items():
        save(model, folder / (identifier + VARIANTS[variant][dtype]))
    return {variant: folder / (identifier + VARIANTS[variant]["uint8"]) for variant in VARIANTS}


def measured(files: dict[str, Path], sets: dict, recipe: Recipe, network) -> dict[str, dict[str, float]]:
    """Mean PSNR-Y of bicubic and of each variant on each of `sets` (name → (high, low) by picture)."""
    psnr = {kind: {} for kind in ("bicubic", *files)}
    for name, pairs in sets.items():
        psnr["bicubic"][name] = score_pairs(bicubic_baseline(recipe.scale), pairs.values(), recipe.scale)
        with tempfile.TemporaryDirectory() as scratch:
            write_pairs(Path(scratch), pairs)
            for variant, path in files.items():
                by_picture = scores(path, Path(scratch), recipe.scale, recipe.layers)
                psnr[variant][name] = float(np.mean(list(by_picture.values())))
        trained = score_pairs(lambda low: enlarge(network, low), pairs.values(), recipe.scale)
        if abs(trained - psnr["fp32"][name]) > AGREEMENT:
            raise RuntimeError(f"{files['fp32']} scores {psnr['fp32'][name]} on {name}, in training {trained}")
    return psnr


def publish(trainer: Trainer, sources: list[Source], folder: Path) -> None:
    """Everything of one model into `folder`."""
    recipe, network = trainer.recipe, trainer.average.cpu().eval()
    form, choices = calibrated(network, trainer.training.pairs, trainer.validation.pairs, recipe.seed)
    files = export(network, form, folder, recipe.id)
    sets = {"validation": {f"{index:03}": pair for index, pair in enumerate(trainer.validation.pairs)}}
    if trainer.benchmark:
        sets[trainer.benchmark.name] = load_pairs(trainer.benchmark, recipe.scale)
    psnr = measured(files, sets, recipe, network)
    side = SPEED_TILE + 2 * recipe.layers
    tile_ms = milliseconds(side, SPEED_ROUNDS, files["fp32"], files["int8"])
    shipped = manifest(recipe, network, folder, psnr)
    write_manifest(shipped, folder)
    benchmark = trainer.benchmark.name if trainer.benchmark else None
    curve = curve_of(trainer.folder / "log.jsonl")
    write_card(
        Report(trainer.schedule, trainer.iteration, curve, sources, benchmark, psnr, choices, tile_ms, shipped), folder
    )
    print(json.dumps({"folder": str(folder), "psnr": psnr, "tile_ms": tile_ms, "int8": choices}), flush=True)
