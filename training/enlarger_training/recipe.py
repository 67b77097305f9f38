"""What a run is to do, and at which rate: the numbers in recipes/, and the schedule they give."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from .network import ResidualSR


@dataclass(frozen=True)
class Recipe:
    id: str
    scale: int
    channels: int
    blocks: int
    iterations: int
    batch: int
    patch: int
    rate: float  # Muon's highest, of hidden kernels
    adam_rate: float  # Adam's highest, of all other weights
    decay: float  # share of hidden kernels that a step at rate 1 takes away
    warm_up: int
    ema: float
    seed: int
    views: dict[str, float] = field(default_factory=lambda: {"1": 1.0})
    liveliest_of: int = 1  # patches drawn for each that is kept, the one with most detail
    calm_from: float = 1.0  # share of the run after which every patch that is drawn is used
    start: str = ""  # recipe whose averaged weights this run begins with, wherever shapes are the same
    fold: int = 1  # squares of fold×fold pixels are one position of the network: its channels hold them
    contrast: bool = False  # the network sees differences alone
    biases: bool = True  # of convolutions; without, how large a difference is makes no difference
    faint: float = 0.0  # share of patches shown with so little contrast that eight bits could not hold it
    damage: bool = False  # low-resolution patches are hurt, and the network is to heal them
    squared_from: float = 1.0  # share of the run after which each patch's root mean square error is the loss
    findings: str = ""  # what people saw on contact sheets of the trained network, for its card

    @staticmethod
    def read(path: Path) -> "Recipe":
        return Recipe(**json.loads(path.read_text()))

    def network(self) -> ResidualSR:
        return ResidualSR(self.scale, self.channels, self.blocks, self.fold, self.contrast, self.biases)


@dataclass(frozen=True)
class Schedule:
    """A linear warm-up and a parabola down to zero at `iterations`."""

    recipe: Recipe
    iterations: int

    @staticmethod
    def of(recipe: Recipe) -> "Schedule":
        return Schedule(recipe, recipe.iterations)

    def share(self, iteration: int) -> float:
        """Of the highest rates."""
        return min(1.0, (iteration + 1) / self.recipe.warm_up) * (1 - iteration / self.iterations) ** 2

    def loss(self, iteration: int) -> str:
        return "L1" if iteration < self.recipe.squared_from * self.iterations else "RMS"

    def patches(self, iteration: int) -> tuple[int, int, int]:
        """Their number a step, their side in low-resolution pixels, and of how many each is the one with most detail."""
        calm = iteration >= self.recipe.calm_from * self.iterations
        return self.recipe.batch, self.recipe.patch, 1 if calm else self.recipe.liveliest_of
