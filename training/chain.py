#!/usr/bin/env python3
"""From two shipped models to one that heals as it enlarges: `python3 training/chain.py photo-x4 --data DIR`.

Chains resources/models/restore-x1 and the enlarging model named, measures the result and writes photo-x4-restore
beside them, with its manifest and card. Nothing is trained: make both models with make.py first.
"""

import argparse
from pathlib import Path

from enlarger_training.data import read_sources
from enlarger_training.publish_chain import publish_chain
from enlarger_training.runtime import MODELS, write_page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("id", help="the model that enlarges, such as photo-x4")
    parser.add_argument("--data", type=Path, required=True, help="folder of training pictures with SOURCES.csv")
    parser.add_argument("--benchmark", type=Path, help="folder of pictures to score, such as Set5 (never trained on)")
    parser.add_argument("--models", type=Path, default=MODELS, help="where models are")
    options = parser.parse_args()
    publish_chain(options.models, options.id, options.data, read_sources(options.data), options.benchmark)
    write_page(options.models)


if __name__ == "__main__":
    main()
