#!/usr/bin/env python3
"""From pictures to shipped weights: `python3 training/make.py photo-x4 --data DIR --benchmark DIR`.

Trains (or goes on with a run that was stopped), exports to ONNX in float32, has the product make the fp16
and int8 forms, measures all, and writes the manifest and the model card. Needs Debian's python3-torch,
python3-onnx, python3-numpy and python3-pil, and `npm install` in the repository.
"""

import argparse
from pathlib import Path

import torch
from enlarger_training.data import read_faces, read_sources, write_manifest
from enlarger_training.publish import publish
from enlarger_training.recipe import Recipe
from enlarger_training.runtime import MODELS, write_page
from enlarger_training.train import Trainer

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("id", help="a recipe in training/recipes, such as photo-x4")
    parser.add_argument("--data", type=Path, required=True, help="folder of training pictures with SOURCES.csv")
    parser.add_argument("--benchmark", type=Path, help="folder of pictures to score, such as Set5 (never trained on)")
    parser.add_argument("--faces", type=Path, help="folder of portraits with SOURCES.csv, for recipes that learn from them")
    parser.add_argument("--runs", type=Path, default=HERE / "runs", help="where checkpoints are kept")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (0: all)")
    parser.add_argument("--steps", type=int, metavar="N", help="end at step N; the checkpoint remembers")
    parser.add_argument("--no-export", action="store_true", help="only train")
    parser.add_argument("--export-only", action="store_true", help="export the checkpoint as it is, without training")
    parser.add_argument("--export-to", type=Path, default=MODELS, help="where the model's folder is written")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    sources = read_sources(options.data)
    faces = read_faces(options.faces) if options.faces else []
    write_manifest([*sources, *faces], HERE / "data-manifest.csv")

    def trainer_of(identifier: str) -> Trainer:
        """Where the run stands; one that has not begun starts from the finished run its recipe names."""
        recipe = Recipe.read(HERE / "recipes" / f"{identifier}.json")
        made = Trainer(recipe, options.data, sources, options.runs / recipe.id, options.benchmark, options.faces)
        if made.checkpoint.exists():
            made.resume()
        elif options.export_only:
            parser.error(f"--export-only needs {made.checkpoint}, which does not exist: train first, or give --runs")
        elif recipe.start:
            made.begin_with(trainer_of(recipe.start).run())
        return made

    trainer = trainer_of(options.id)
    if options.steps:
        trainer.end_at(options.steps)
    if not options.export_only:
        trainer.run()
    if options.no_export:
        return
    publish(trainer, options.data, sources, options.export_to / trainer.recipe.id)
    write_page(options.export_to)


if __name__ == "__main__":
    main()
