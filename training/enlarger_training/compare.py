"""Exported models against what else there is, on the same pictures: the tables of the model cards."""

from pathlib import Path

import numpy as np

from .measure import bicubic_baseline, enlarge, load_pairs
from .quality import mean, psnr, qualities
from .runtime import enlarged
from .validation import DAMAGES, WATCHED, hurt, middles

NLM = "non-local means"
AGREEMENT = 0.01  # dB between torch and ONNX Runtime
NLM_STRENGTHS = (4, 6, 8, 11, 15, 20, 27, 36, 48)
NLM_JUDGED_EVERY = 9
FIGURES = ("PSNR-Y", "PSNR-RGB")
UNSEEN = 40  # dB of one picture beyond which more is not seen


def pictures_of(trainer) -> dict[str, dict]:
    """What a model is measured on: name of the pictures → (high, low) by picture."""
    recipe = trainer.recipe
    if not recipe.damage:
        found = {"validation": _numbered(trainer.validation.pairs)}
        if trainer.benchmark:
            found[trainer.benchmark.name] = load_pairs(trainer.benchmark, recipe.scale)
        return found
    found = {name: _numbered(hurt(middles(trainer.validation), name)) for name in DAMAGES}
    if trainer.benchmark:
        pairs = load_pairs(trainer.benchmark, recipe.scale)
        for name in WATCHED:
            found[f"{trainer.benchmark.name}, {name}"] = dict(zip(pairs, hurt(list(pairs.values()), name)))
    return found


def compared(network, files: dict[str, Path], pairs: dict, noisy: bool) -> dict[str, dict]:
    """Method → measure → mean over `pairs`: what was there before, what classical means do with `noisy` ones,
    and each variant of `files`. Stops where float32 differs from torch by more than AGREEMENT."""
    scale = network.scale
    lows = {name: low for name, (_, low) in pairs.items()}
    before, grown = "input" if scale == 1 else "bicubic", bicubic_baseline(scale)
    results = {before: {name: grown(low) for name, low in lows.items()}}
    if noisy and scale == 1 and (denoised := _non_localmean_qualities(pairs)):
        results[NLM] = denoised
    for variant, path in files.items():
        results[variant] = enlarged(path, lows, network.radius, network.fold)
    means = {method: mean_qualities(pictures, pairs, scale) for method, pictures in results.items()}
    _expect_agreement(network, files["fp32"], pairs, results["fp32"])
    return means


def mean_qualities(pictures: dict, pairs: dict, scale: int) -> dict[str, float]:
    """Measure → its mean over what `pictures` and `pairs` (name → (high, low)) have by name."""
    by_picture = [qualities(pictures[name], high, scale) for name, (high, _) in pairs.items()]
    means = {measure: mean([values[measure] for values in by_picture]) for measure in by_picture[0]}
    seen = {seen_of(figure): mean([min(UNSEEN, values[figure]) for values in by_picture]) for figure in FIGURES}
    return means | seen


def seen_of(figure: str) -> str:
    """The name of the measure that is `figure`, a PSNR, with no picture counted beyond UNSEEN."""
    return f"{figure} as seen"


def _expect_agreement(network, path: Path, pairs: dict, results: dict) -> None:
    name = next(iter(pairs))
    high, low = pairs[name]
    trained, exported = (psnr(high, result, network.scale) for result in (enlarge(network, low), results[name]))
    if abs(trained - exported) > AGREEMENT:
        raise RuntimeError(f"{path} scores {exported} on {name}, in training {trained}")


def _numbered(pairs: list) -> dict:
    return {f"{index:03}": pair for index, pair in enumerate(pairs)}


def _non_localmean_qualities(pairs: dict) -> dict[str, np.ndarray] | None:
    """OpenCV's (A. Buades and others, 2005) at the one of NLM_STRENGTHS that scores best on these very
    pictures, which is more than a user could know. None without OpenCV."""
    try:
        import cv2
    except ImportError:
        return None
    cv2.setNumThreads(1)
    chosen = list(pairs)[::NLM_JUDGED_EVERY]

    def denoised(name: str, strength: float) -> np.ndarray:
        return cv2.fastNlMeansDenoisingColored(np.ascontiguousarray(pairs[name][1]), None, strength, strength, 7, 21)

    def score(strength: float) -> float:
        return float(np.mean([psnr(pairs[name][0], denoised(name, strength), 1) for name in chosen]))

    best = max(NLM_STRENGTHS, key=score)
    return {name: denoised(name, best) for name in pairs}
