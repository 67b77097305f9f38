#!/usr/bin/env python3
"""How good results are, in figures and to look at.

    evaluate.py folders RESULTS ORIGINALS --scale N [--against NAME=FOLDER]…
    evaluate.py model resources/models/photo-x4 ORIGINALS [--damage "noise 15"] [--strength 0.5]

`folders` scores pictures that anything wrote, matched to their originals by file name (up to a suffix such as
baboon_x4 for baboon). `model` reduces the originals by bicubic (a scale of 1: not at all), hurts them if asked,
runs the model's files through ONNX Runtime and scores what comes back beside the bicubic enlargement.

Prints a table of means: PSNR and SSIM on luma, PSNR on colour, GMSD; --json FILE writes the same by picture,
--sheet FILE a contact sheet.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from enlarger_training.contact_sheet import contact_sheet
from enlarger_training.data import load_rgb
from enlarger_training.measure import bicubic_baseline
from enlarger_training.quality import mean, qualities
from enlarger_training.resize import reduced
from enlarger_training.runtime import enlarged
from enlarger_training.tables import markdown_table, rounded
from enlarger_training.validation import CLEAN, DAMAGES, hurt

SUFFIXES = (".png", ".bmp", ".webp", ".jpg", ".jpeg", ".tif", ".tiff")
Methods = dict[str, dict[str, np.ndarray]]  # method → picture's name → H×W×3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    folders = kinds.add_parser("folders", help="score pictures in a folder")
    folders.add_argument("results", type=Path)
    folders.add_argument("--scale", type=int, default=1, help="as many pixels are left off each border (1: none)")
    folders.add_argument("--against", action="append", default=[], metavar="NAME=FOLDER", help="other results")
    model = kinds.add_parser("model", help="run a model and score what it makes")
    model.add_argument("model", type=Path, help="its folder, with manifest.json")
    model.add_argument("--damage", choices=DAMAGES, default=CLEAN, help="what low-resolution pictures go through first")
    model.add_argument("--strength", type=float, default=1)
    for sub in (folders, model):
        sub.add_argument("originals", type=Path)
        sub.add_argument("--limit", type=int, metavar="N", help="the first N pictures only")
        sub.add_argument("--json", type=Path, help="write every measure of every picture")
        sub.add_argument("--sheet", type=Path, help="write a contact sheet (PNG or JPEG)")
        sub.add_argument("--rows", type=int, default=6, help="pictures on the sheet")
        sub.add_argument("--side", type=int, default=160, help="pixels that the sheet shows of each")
        sub.add_argument("--zoom", type=int, default=2)
    options = parser.parse_args()
    paths = sorted(path for path in options.originals.iterdir() if path.suffix.lower() in SUFFIXES)[: options.limit]
    if not paths:
        parser.error(f"{options.originals} holds no pictures ({', '.join(SUFFIXES)})")
    originals = {path.stem: load_rgb(path) for path in paths}
    if options.kind == "folders":
        sources = {"results": options.results} | {n: Path(f) for n, _, f in (a.partition("=") for a in options.against)}
        scale, methods = options.scale, {name: read_results(folder, originals) for name, folder in sources.items()}
    else:
        scale, originals, methods = run_model(options, originals)
    report(options, scale, originals, methods)


def read_results(folder: Path, originals: dict) -> dict[str, np.ndarray]:
    """The picture of `folder` that belongs to each original: named alike, or the one longer name."""
    found = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES}
    results = {}
    for name, original in originals.items():
        fitting = [name] if name in found else [stem for stem in found if stem.startswith(name)]
        if len(fitting) != 1:
            raise SystemExit(f"{folder}: expected one picture for {name}, found {fitting or 'none'}")
        results[name] = load_rgb(found[fitting[0]])
        if results[name].shape > original.shape:
            raise SystemExit(f"{found[fitting[0]]} is larger than its original, which is {original.shape}")
    return results


def run_model(options, originals: dict) -> tuple[int, dict, Methods]:
    """(scale, originals cut to it, what each of the model's 8-bit files makes of them)."""
    manifest = json.loads((options.model / "manifest.json").read_text(encoding="utf-8"))
    scale, multiple = manifest["scale"], manifest.get("multiple", 1)
    pairs = hurt([reduced(picture, scale) for picture in originals.values()], options.damage)
    lows = {name: low for name, (_, low) in zip(originals, pairs)}
    before, grown = "input" if scale == 1 else "bicubic", bicubic_baseline(scale)
    methods = {before: {name: grown(low) for name, low in lows.items()}}
    for variant in manifest["variants"]:
        file = next(entry["file"] for entry in variant["entries"] if entry["dtype"] == "uint8")
        settings = (manifest["receptiveRadius"], multiple, options.strength)
        methods[variant["id"]] = enlarged(options.model / file, lows, *settings)
    return scale, {name: high for name, (high, _) in zip(originals, pairs)}, methods


def report(options, scale: int, originals: dict, methods: Methods) -> None:
    measured = {
        method: {name: qualities(picture, cut(originals[name], picture), scale) for name, picture in pictures.items()}
        for method, pictures in methods.items()
    }
    rows = []
    for method, by_picture in measured.items():
        names = next(iter(by_picture.values())).keys()
        means = {measure: mean([values[measure] for values in by_picture.values()]) for measure in names}
        rows.append([method, *(rounded(measure, value) for measure, value in means.items())])
    print(markdown_table([f"{len(originals)} pictures", *names], rows))
    if options.json:
        options.json.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.sheet:
        shown = list(originals)[:: max(1, len(originals) // options.rows)][: options.rows]
        rows = [{m: pictures[name] for m, pictures in methods.items()} | {name: originals[name]} for name in shown]
        contact_sheet(rows, options.side, options.zoom, scale).save(options.sheet)


def cut(original: np.ndarray, result: np.ndarray) -> np.ndarray:
    """Results cover a multiple of the scale: the original's last rows and columns may have no counterpart."""
    return original[: result.shape[0], : result.shape[1]]


if __name__ == "__main__":
    main()
