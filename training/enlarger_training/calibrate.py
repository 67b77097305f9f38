"""How the int8 form's ranges are chosen: seen on training crops, judged by what the result loses on
the validation pictures."""

import numpy as np
import torch
import torch.nn.functional as F

from .measure import score_pairs
from .quantize import QuantisedNetwork, bias_corrected, quantised

PERCENTILES = (100.0, 99.9999, 99.999, 99.99)  # of a layer's activations, kept; the rest is clamped
RESIDUAL_STEPS = (1.0, 1.25, 1.5)  # levels: finer, or further
CROPS, SIDE, AT_ONCE = 192, 96, 16
REMEMBERED = 1 << 17  # activations sampled per layer and lot, for the percentiles


def calibration_crops(pairs: list, seed: int) -> torch.Tensor:
    """Low-resolution training crops [CROPS, 3, SIDE, SIDE] in 0..1, from (high, low) pairs."""
    rng, chosen = np.random.default_rng(seed), []
    while len(chosen) < CROPS:
        low = pairs[rng.integers(len(pairs))][1]
        top, left = (rng.integers(max(1, size - SIDE + 1)) for size in low.shape[:2])
        crop = low[top : top + SIDE, left : left + SIDE]
        if crop.shape == (SIDE, SIDE, 3):
            chosen.append(crop.transpose(2, 0, 1))
    return torch.from_numpy(np.stack(chosen).astype(np.float32) / 255)


def activation_ranges(network, pictures: torch.Tensor, seed: int) -> dict[float, list[float]]:
    """For each percentile the value below which that share of each hidden layer's activations lies."""
    rng = np.random.default_rng(seed)
    highest = [0.0] * (network.layers - 1)
    samples = [[] for _ in highest]
    for lot in pictures.split(AT_ONCE):
        for index, conv in enumerate(list(network.convs)[:-1]):
            with torch.no_grad():
                lot = F.relu(F.conv2d(lot, conv.weight, conv.bias))
            values = lot.numpy().ravel()
            highest[index] = max(highest[index], float(values.max()))
            samples[index].append(values[rng.integers(len(values), size=REMEMBERED)])
    merged = [np.concatenate(parts) for parts in samples]
    return {p: highest if p == 100 else [float(np.percentile(m, p)) for m in merged] for p in PERCENTILES}


def calibrated(network, training: list, validation: list, seed: int) -> tuple[QuantisedNetwork, dict]:
    """The int8 form that scores best on `validation`, and the choices that made it. Both lists hold
    (high, low) pictures; ranges and biases come from `training` alone."""
    pictures = calibration_crops(training, seed)
    candidates = []
    for percentile, largest in activation_ranges(network, pictures, seed).items():
        plain = quantised(network, largest)
        for corrected in (False, True):
            form = bias_corrected(plain, network, pictures[:AT_ONCE]) if corrected else plain
            candidates.append((form, {"percentile": percentile, "biasCorrected": corrected}))
    form, choices = _best(candidates, validation, network.scale)
    steps = [(form.with_residual_step(s), {**choices, "residualStep": s}) for s in RESIDUAL_STEPS]
    return _best(steps, validation, network.scale)


def _best(candidates: list, validation: list, scale: int) -> tuple[QuantisedNetwork, dict]:
    return max(candidates, key=lambda candidate: score_pairs(candidate[0].enlarge, validation, scale))
