"""The forms of a model that the product makes of its float32 files: `enlarger quantize`, on a folder of its own."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from .compare import seen_of
from .data import Source
from .manifest import read_manifest, write_manifest
from .runtime import TRAINING, node

PROGRAM = TRAINING.parent / "bin" / "enlarger.mjs"
CALIBRATED_WITH = 32  # pictures: as many as it takes samples
REFUSED = re.compile(r"in int8\b.*\bkeep it in float", re.IGNORECASE)
MOST_LOST = 0.1  # dB that int8 may lose of any set of pictures, none counted beyond what is seen of it


def make_half(folder: Path) -> None:
    """Gives the model in `folder`, which is called by its id, its fp16 form."""
    _quantize(folder, "--to", "fp16")


def make_int8(folder: Path, data: Path, sources: list[Source]) -> str:
    """Gives it its int8 form, calibrated with training pictures. Returns why not, where it loses too much."""
    with tempfile.TemporaryDirectory() as pictures:
        training = [source.file for source in sources if source.split == "train"]
        for file in training[:: max(1, len(training) // CALIBRATED_WITH)]:
            (Path(pictures) / Path(file).name).symlink_to((data / file).resolve())
        try:
            _quantize(folder, "--calibrate", pictures)
        except RuntimeError as error:
            if not REFUSED.search(str(error)):
                raise
            print(error, flush=True)
            return refusal(str(error))
    return ""


def refusal(said: str) -> str:
    """The reason in what the command line says, without the file and the advice."""
    return re.sub(r"^.*\.onnx: (.*?)\.\s[A-Z].*$", r"\1", said.strip().splitlines()[-1])


def pixel_files(folder: Path, variants: dict) -> dict[str, Path]:
    """The file for bytes of each of a manifest's `variants`, by the variant's id."""
    return {
        variant["id"]: folder / entry["file"]
        for variant in variants
        for entry in variant["entries"]
        if entry["dtype"] == "uint8"
    }


def note_figures(folder: Path, quality: dict, figure: str) -> dict:
    """Writes `figure` of `quality` (name of the pictures → method → measure → mean) into the manifest in `folder`,
    for each variant; returns it."""
    value = read_manifest(folder)
    for variant in value["variants"]:
        measured = {name: round(methods[variant["id"]][figure], 3) for name, methods in quality.items()}
        variant["psnr"] = variant.get("psnr", {}) | measured
    write_manifest(value, folder)
    return value


def without_lossy_int8(folder: Path, quality: dict, figure: str) -> str:
    """Takes the int8 form away from the model in `folder` if it loses more than MOST_LOST of any of the pictures
    of `quality` (as in `note_figures`). Returns why, then."""
    value = read_manifest(folder)
    files = pixel_files(folder, value["variants"])
    if "int8" not in files:
        return ""
    lost = {
        name: methods["fp32"][seen_of(figure)] - methods["int8"][seen_of(figure)]
        for name, methods in quality.items()
    }
    name = max(lost, key=lost.get)
    if lost[name] <= MOST_LOST:
        return ""
    files["int8"].unlink()
    value["variants"] = [variant for variant in value["variants"] if variant["id"] != "int8"]
    write_manifest(value, folder)
    return f"it was made, and loses {lost[name]:.2f} dB ({name})"


def _quantize(folder: Path, *options: str) -> None:
    """Raises RuntimeError with what was said. Nothing of whoever runs it is read or changed."""
    with tempfile.TemporaryDirectory() as home:
        places = {"ENLARGER_MODELS": str(folder.parent), "ENLARGER_HOME": home}
        command = [node(), str(PROGRAM), "quantize", folder.name, "--replace", *options]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | places)
    if done.returncode:
        raise RuntimeError(done.stderr)
    print(done.stdout, end="", flush=True)
