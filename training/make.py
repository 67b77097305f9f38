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
from enlarger_training.train import Recipe, Trainer

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("id", help="a recipe in training/recipes, such as photo-x4")
    parser.add_argument("--data", type=Path, required=True, help="folder of training pictures with SOURCES.csv")
    parser.add_argument("--benchmark", type=Path, help="folder of pictures to score, such as Set5 (never trained on)")
    parser.add_argument("--runs", type=Path, default=HERE / "runs", help="where checkpoints are kept")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (0: all)")
    parser.add_argument("--export-only", action="store_true", help="export the checkpoint as it is, without training")
    models = HERE.parent / "resources" / "models"
    parser.add_argument("--export-to", type=Path, default=models, help="where the model's folder is written")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    recipe = Recipe.read(HERE / "recipes" / f"{options.id}.json")
    sources = read_sources(options.data)
    write_manifest(sources, HERE / "data-manifest.csv")
    trainer = Trainer(recipe, options.data, sources, options.runs / recipe.id, options.benchmark)
    if not options.export_only:
        trainer.run()
    elif trainer.checkpoint.exists():
        trainer.resume()
    else:
        parser.error(f"--export-only needs {trainer.checkpoint}, which does not exist: train first, or give --runs")
    publish(trainer, sources, options.export_to / recipe.id)


if __name__ == "__main__":
    main()
