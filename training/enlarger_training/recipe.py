"""What a run is to do, and at which rate: the numbers in recipes/, and the schedule they give."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from .network import PlainSR


@dataclass(frozen=True)
class Phase:
    """A stretch of a run whose steps see `batch` patches, their low-resolution side `patch` pixels."""

    iterations: int
    batch: int
    patch: int


@dataclass(frozen=True)
class Recipe:
    id: str
    scale: int
    channels: int
    layers: int
    iterations: int
    batch: int
    patch: int
    learning_rate: float  # the highest
    warm_up: int
    ema: float
    seed: int
    floor: float = 0.001  # share of the highest rate that the cosine falls to
    start: str = ""  # recipe whose averaged weights this network grows from; empty: random weights
    reductions: tuple[float, ...] = (1,)  # each training picture is also seen reduced by these factors
    finish: Phase | None = None  # the last phase, its rate falling to zero

    @staticmethod
    def read(path: Path) -> "Recipe":
        fields = json.loads(path.read_text())
        if fields.get("finish"):
            fields["finish"] = Phase(**fields["finish"])
        return Recipe(**fields | {"reductions": tuple(fields.get("reductions", (1,)))})

    def network(self) -> PlainSR:
        return PlainSR(self.scale, self.channels, self.layers)


@dataclass(frozen=True)
class Schedule:
    """A linear warm-up, a cosine down to the recipe's floor, and from iteration `finish_from` on
    `finish_iterations` during which the rate falls on a line from where it then is to zero."""

    recipe: Recipe
    finish_from: int
    finish_iterations: int

    @staticmethod
    def of(recipe: Recipe) -> "Schedule":
        return Schedule(recipe, recipe.iterations, recipe.finish.iterations if recipe.finish else 0)

    @property
    def total(self) -> int:
        return self.finish_from + self.finish_iterations

    def phase(self, iteration: int) -> Phase:
        recipe = self.recipe
        if recipe.finish and iteration >= self.finish_from:
            return recipe.finish
        return Phase(self.finish_from, recipe.batch, recipe.patch)

    def rate(self, iteration: int) -> float:
        if iteration >= self.finish_from:
            left = (self.total - iteration) / max(1, self.finish_iterations)
            return self._cosine(self.finish_from) * left
        return self._cosine(iteration)

    def _cosine(self, iteration: int) -> float:
        recipe = self.recipe
        if iteration < recipe.warm_up:
            return recipe.learning_rate * (iteration + 1) / recipe.warm_up
        done = (iteration - recipe.warm_up) / max(1, recipe.iterations - recipe.warm_up)
        return recipe.learning_rate * (recipe.floor + (1 - recipe.floor) * 0.5 * (1 + math.cos(math.pi * done)))
