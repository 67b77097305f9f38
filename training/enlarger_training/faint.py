"""Pairs of little contrast. Photographs of eight bits hold no slope gentler than a level a pixel, those of sixteen do."""

import numpy as np
import torch

FAINT = 1 / 256, 1 / 16  # of a pair's contrast, from and to


def fainter(
    low: torch.Tensor, high: torch.Tensor, share: float, rng: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """A `share` of the pairs [N, 3, H, W] with FAINT of their contrast, around any colour; and each one's contrast
    [N, 1, 1, 1], 1 of those that stay as they are."""
    if share == 0:
        return low, high, torch.ones(len(low), 1, 1, 1, device=low.device)
    chosen = rng.random(len(low)) < share
    contrast = np.where(chosen, np.exp(rng.uniform(*np.log(FAINT), len(low))), 1)[:, None, None, None]
    # 0.5 of a pair becomes `middle`, and nothing goes beyond black and white.
    middle = contrast / 2 + (1 - contrast) * rng.random((len(low), 3, 1, 1))
    contrast, middle = (torch.from_numpy(a.astype(np.float32)).to(low.device) for a in (contrast, middle))
    return contrast * (low - 0.5) + middle, contrast * (high - 0.5) + middle, contrast
