"""Training: L1 loss, Adam with a cosine schedule, an exponential moving average of the weights,
bfloat16 arithmetic where the processor has it, and checkpoints that resume exactly."""

import json
import math
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from .data import Pairs, Source
from .measure import enlarge, score_folder, score_pairs
from .network import PlainSR


@dataclass(frozen=True)
class Recipe:
    id: str
    scale: int
    channels: int
    layers: int
    iterations: int
    batch: int
    patch: int  # side of a low-resolution patch, pixels
    learning_rate: float
    warm_up: int
    ema: float
    seed: int

    @staticmethod
    def read(path: Path) -> "Recipe":
        return Recipe(**json.loads(path.read_text()))

    def network(self) -> PlainSR:
        return PlainSR(self.scale, self.channels, self.layers)

    def rate(self, iteration: int) -> float:
        if iteration < self.warm_up:
            return self.learning_rate * (iteration + 1) / self.warm_up
        done = (iteration - self.warm_up) / max(1, self.iterations - self.warm_up)
        return self.learning_rate * (0.001 + 0.999 * 0.5 * (1 + math.cos(math.pi * done)))


class Trainer:
    """One run. State lives in `folder`/checkpoint.pt; a run killed at any moment goes on from it."""

    def __init__(self, recipe: Recipe, data: Path, sources: list[Source], folder: Path, benchmark: Path | None):
        self.recipe, self.folder, self.benchmark = recipe, folder, benchmark
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.training = Pairs(data, sources, "train", recipe.scale)
        self.validation = Pairs(data, sources, "validation", recipe.scale)
        torch.manual_seed(recipe.seed)
        layout = torch.channels_last
        self.network = recipe.network().to(self.device, memory_format=layout)
        self.average = recipe.network().to(self.device, memory_format=layout)
        self.average.load_state_dict(self.network.state_dict())
        self.optimiser = torch.optim.Adam(self.network.parameters(), betas=(0.9, 0.99))
        self.iteration = 0

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def save(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {
            "recipe": asdict(self.recipe),
            "iteration": self.iteration,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        partial = self.checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        os.replace(partial, self.checkpoint)

    def resume(self) -> None:
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, map_location=self.device)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.iteration = state["iteration"]
        print(f"resumed at iteration {self.iteration}", flush=True)

    def step(self) -> float:
        # The generator is a function of the iteration, so that a resumed run sees the same batches.
        rng = np.random.default_rng([self.recipe.seed, self.iteration])
        low, high = (self._tensor(a) for a in self.training.batch(rng, self.recipe.batch, self.recipe.patch))
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.rate(self.iteration)
        with torch.autocast(self.device.type, torch.bfloat16):
            enlarged = self.network(low)
        loss = (enlarged - high).abs().mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        decay = min(self.recipe.ema, (1 + self.iteration) / (10 + self.iteration))
        with torch.no_grad():
            for kept, new in zip(self.average.parameters(), self.network.parameters()):
                kept.lerp_(new, 1 - decay)
        self.iteration += 1
        return float(loss.detach())

    def _tensor(self, batch: np.ndarray) -> torch.Tensor:
        tensor = torch.from_numpy(batch).to(self.device).permute(0, 3, 1, 2).float().div_(255)
        return tensor.contiguous(memory_format=torch.channels_last)

    def scores(self) -> dict[str, float]:
        enlarged = lambda low: enlarge(self.average, low)
        scores = {"validation": score_pairs(enlarged, self.validation.pairs, self.recipe.scale)}
        if self.benchmark:
            by_picture = score_folder(enlarged, self.benchmark, self.recipe.scale)
            scores[self.benchmark.name] = float(np.mean(list(by_picture.values())))
        return scores

    def run(self, every: int = 1000, measure_every: int = 5000) -> PlainSR:
        self.resume()
        started, losses = time.monotonic(), []
        while self.iteration < self.recipe.iterations:
            losses.append(self.step())
            if self.iteration % every == 0 or self.iteration == self.recipe.iterations:
                self.save()
                line = {"iteration": self.iteration, "loss": round(float(np.mean(losses)), 5)}
                line["ms"] = round(1000 * (time.monotonic() - started) / len(losses), 1)
                if self.iteration % measure_every == 0 or self.iteration == self.recipe.iterations:
                    line |= {name: round(value, 3) for name, value in self.scores().items()}
                print(json.dumps(line), flush=True)
                with open(self.folder / "log.jsonl", "a", encoding="utf-8") as log:
                    log.write(json.dumps(line) + "\n")
                started, losses = time.monotonic(), []
        return self.average
