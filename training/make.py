#!/usr/bin/env python3
"""From pictures to shipped weights: `python3 training/make.py photo-x4 --data DIR --benchmark DIR`.

Trains (or goes on with a run that was stopped), exports to ONNX, quantises to int8, measures what
was exported, and writes the manifest and the model card. Needs Debian's python3-torch,
python3-onnx, python3-numpy and python3-pil, and `npm install` in the repository.
"""

import argparse
from pathlib import Path

import torch
from enlarger_training.data import read_sources, write_manifest
from enlarger_training.publish import publish
from enlarger_training.recipe import Recipe
from enlarger_training.train import Trainer

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("id", help="a recipe in training/recipes, such as photo-x4")
    parser.add_argument("--data", type=Path, required=True, help="folder of training pictures with SOURCES.csv")
    parser.add_argument("--benchmark", type=Path, help="folder of pictures to score, such as Set5 (never trained on)")
    parser.add_argument("--runs", type=Path, default=HERE / "runs", help="where checkpoints are kept")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (0: all)")
    parser.add_argument("--anneal", type=int, metavar="N", help="end soon: N more steps, the rate falling to zero")
    parser.add_argument("--no-export", action="store_true", help="only train")
    parser.add_argument("--export-only", action="store_true", help="export the checkpoint as it is, without training")
    models = HERE.parent / "resources" / "models"
    parser.add_argument("--export-to", type=Path, default=models, help="where the model's folder is written")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    sources = read_sources(options.data)
    write_manifest(sources, HERE / "data-manifest.csv")

    def trainer_of(identifier: str) -> Trainer:
        """Where the run stands; one that has not begun starts from the finished run its recipe names."""
        recipe = Recipe.read(HERE / "recipes" / f"{identifier}.json")
        made = Trainer(recipe, options.data, sources, options.runs / recipe.id, options.benchmark)
        if made.checkpoint.exists():
            made.resume()
        elif options.export_only:
            parser.error(f"--export-only needs {made.checkpoint}, which does not exist: train first, or give --runs")
        elif recipe.start:
            made.grow_from(trainer_of(recipe.start).run())
        return made

    trainer = trainer_of(options.id)
    if options.anneal:
        trainer.anneal(options.anneal)
    if not options.export_only:
        trainer.run()
    if options.no_export:
        return
    publish(trainer, sources, options.export_to / trainer.recipe.id)


if __name__ == "__main__":
    main()
