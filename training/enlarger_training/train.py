"""Training: L1 loss, Adam on the recipe's schedule, an exponential moving average of the weights, bfloat16
arithmetic where the processor has it, and checkpoints that resume exactly."""

import json
import os
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from .calibrate import calibration_crops
from .data import Pairs, Source
from .grow import grown, live_channels
from .measure import enlarge, score_folder, score_pairs
from .network import PlainSR
from .recipe import Recipe, Schedule

SAVE_EVERY, MEASURE_EVERY = 500, 2500  # iterations


class Trainer:
    """One run. State lives in `folder`/checkpoint.pt; a run killed at any moment goes on from it."""

    def __init__(self, recipe: Recipe, data: Path, sources: list[Source], folder: Path, benchmark: Path | None):
        self.recipe, self.folder, self.benchmark = recipe, folder, benchmark
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.training = Pairs(data, sources, "train", recipe.scale, recipe.reductions)
        self.validation = Pairs(data, sources, "validation", recipe.scale)
        self.schedule = Schedule.of(recipe)
        torch.manual_seed(recipe.seed)
        torch.set_flush_denormal(True)
        self._begin(recipe.network())

    def _begin(self, network: PlainSR) -> None:
        layout, self.iteration = torch.channels_last, 0
        self.average = self.recipe.network().to(self.device, memory_format=layout)
        self.average.load_state_dict(network.state_dict())
        self.network = network.to(self.device, memory_format=layout)
        self.optimiser = torch.optim.Adam(self.network.parameters(), betas=(0.9, 0.99))

    def grow_from(self, trained: PlainSR) -> None:
        """Start from a smaller trained network; channels of it that never fire are given new weights."""
        crops = calibration_crops(self.training.pairs, self.recipe.seed)
        live = live_channels(trained, crops)
        print(f"channels that fire, by layer: {[len(channels) for channels in live]}", flush=True)
        torch.manual_seed(self.recipe.seed)
        self._begin(grown(trained, self.recipe.channels, self.recipe.layers, live))

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def save(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        own = self.schedule == Schedule.of(self.recipe)
        state = {
            "recipe": asdict(self.recipe),
            "iteration": self.iteration,
            "finish": None if own else (self.schedule.finish_from, self.schedule.finish_iterations),
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
        if state.get("finish"):
            self.schedule = Schedule(self.recipe, *state["finish"])
        print(f"resumed at iteration {self.iteration}", flush=True)

    def anneal(self, iterations: int) -> None:
        """Begin the last phase here, `iterations` long, and note so in the checkpoint. A run that is
        already in it keeps the length it has."""
        if self.iteration < self.schedule.finish_from:
            self.schedule = Schedule(self.recipe, self.iteration, iterations)
            self.save()

    def step(self) -> float:
        # The generator is a function of the iteration, so that a resumed run sees the same batches.
        rng = np.random.default_rng([self.recipe.seed, self.iteration])
        phase = self.schedule.phase(self.iteration)
        low, high = (self._tensor(a) for a in self.training.batch(rng, phase.batch, phase.patch))
        for group in self.optimiser.param_groups:
            group["lr"] = self.schedule.rate(self.iteration)
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

    def run(self) -> PlainSR:
        """Train to the schedule's end; returns the averaged network."""
        started, losses = time.monotonic(), []
        if self.iteration == 0:
            self._log({"iteration": 0})
        while self.iteration < self.schedule.total:
            losses.append(self.step())
            if self.iteration % SAVE_EVERY == 0 or self.iteration == self.schedule.total:
                self.save()
                took = 1000 * (time.monotonic() - started) / len(losses)
                self._log({"iteration": self.iteration, "loss": round(float(np.mean(losses)), 5), "ms": round(took, 1)})
                started, losses = time.monotonic(), []
        return self.average

    def _log(self, line: dict) -> None:
        """To the terminal and log.jsonl, with scores where they are due."""
        if self.iteration % MEASURE_EVERY == 0 or self.iteration == self.schedule.total:
            line |= {name: round(value, 3) for name, value in self.scores().items()}
        print(json.dumps(line), flush=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "log.jsonl", "a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
