"""Training: Muon and Adam on the recipe's schedule, an exponential moving average of the weights, bfloat16
arithmetic where the processor has it, and checkpoints that resume exactly."""

import copy
import json
import os
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from .data import FACES, DamagedPairs, Pairs, Source, read_faces
from .faint import fainter
from .measure import enlarge, score_folder, score_pairs
from .muon import Muon
from .network import ResidualSR
from .recipe import Recipe, Schedule
from .validation import watched

SAVE_EVERY, MEASURE_EVERY = 500, 2500  # iterations
CLIPPED = 0.5  # largest norm of the gradients of what Adam learns
LOSSES = {
    "L1": lambda error: error.abs().mean(),
    "RMS": lambda error: (error.square().mean((1, 2, 3)) + 1e-8).sqrt().mean(),
}


def processor_flags() -> str:
    """As Linux lists them; nothing elsewhere."""
    listed = Path("/proc/cpuinfo")
    return listed.read_text() if listed.exists() else ""


class Trainer:
    """One run. State lives in `folder`/checkpoint.pt; a run killed at any moment goes on from it."""

    def __init__(
        self,
        recipe: Recipe,
        data: Path,
        sources: list[Source],
        folder: Path,
        benchmark: Path | None = None,
        faces: Path | None = None,
    ):
        self.recipe, self.folder, self.benchmark = recipe, folder, benchmark
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        # Of processors only those with AMX compute faster in bfloat16.
        self.half = self.device.type == "cuda" or "amx_bf16" in processor_flags()
        kind = DamagedPairs if recipe.damage else Pairs
        self.training = kind(data, sources, "train", recipe.scale, recipe.views, faces)
        self.faces = read_faces(faces) if faces and FACES in recipe.views else []
        self.validation = Pairs(data, sources, "validation", recipe.scale)
        self.watched = watched(self.validation, recipe.damage)
        self.schedule = Schedule.of(recipe)
        self.iteration = 0
        torch.manual_seed(recipe.seed)
        torch.set_flush_denormal(True)
        layout = torch.channels_last
        self.network = recipe.network().to(self.device, memory_format=layout)
        self.average = copy.deepcopy(self.network)
        hidden = list(self.network.convs)[1:-1]
        self.others = [p for p in self.network.parameters() if not any(p is conv.weight for conv in hidden)]
        self.muon = Muon(hidden, recipe.decay)
        self.adam = torch.optim.Adam(self.others, betas=(0.9, 0.99))

    def begin_with(self, trained: ResidualSR) -> None:
        """Start from the weights of a trained network wherever shapes are the same. A kernel with more planes than its
        has it in the first of them, and nothing in the others."""
        own, given = self.network.state_dict(), trained.state_dict()
        for name in own.keys() & given.keys():
            missing = own[name].shape[1] - given[name].shape[1] if own[name].dim() == 4 else 0
            if missing > 0:
                given[name] = F.pad(given[name], (0, 0, 0, 0, 0, missing))
            if given[name].shape == own[name].shape:
                own[name] = given[name]
        self.network.load_state_dict(own)
        self.average.load_state_dict(own)

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def save(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {
            "recipe": asdict(self.recipe),
            "iteration": self.iteration,
            "iterations": self.schedule.iterations,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "muon": self.muon.state(),
            "adam": self.adam.state_dict(),
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
        self.muon.load(state["muon"])
        self.adam.load_state_dict(state["adam"])
        self.iteration = state["iteration"]
        self.schedule = Schedule(self.recipe, state["iterations"])
        print(f"resumed at iteration {self.iteration}", flush=True)

    def end_at(self, iterations: int) -> None:
        """Make the run as long as `iterations`, and note so in the checkpoint."""
        self.schedule = Schedule(self.recipe, iterations)
        self.save()

    def step(self) -> float:
        recipe, share = self.recipe, self.schedule.share(self.iteration)
        # The generator is a function of the iteration, so that a resumed run sees the same batches.
        rng = np.random.default_rng([recipe.seed, self.iteration])
        low, high = (self._tensor(a) for a in self.training.batch(rng, *self.schedule.patches(self.iteration)))
        low, high, contrast = fainter(low, high, recipe.faint, rng)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half):
            enlarged = self.network(low)
        loss = LOSSES[self.schedule.loss(self.iteration)]((enlarged - high) / contrast)
        self.network.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.others, CLIPPED)
        for group in self.adam.param_groups:
            group["lr"] = recipe.adam_rate * share
        self.adam.step()
        means = self.network.means
        self.muon.step(recipe.rate * share, [means[index] for index in range(1, self.network.layers - 1)])
        decay = min(recipe.ema, (1 + self.iteration) / (10 + self.iteration))
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
        scores = {name: score_pairs(enlarged, pairs, self.recipe.scale) for name, pairs in self.watched.items()}
        if self.benchmark:
            by_picture = score_folder(enlarged, self.benchmark, self.recipe.scale)
            scores[self.benchmark.name] = float(np.mean(list(by_picture.values())))
        return scores

    def run(self) -> ResidualSR:
        """Train to the schedule's end; returns the averaged network."""
        started, losses = time.monotonic(), []
        if self.iteration == 0:
            self._log({"iteration": 0})
        while self.iteration < self.schedule.iterations:
            losses.append(self.step())
            if self.iteration % SAVE_EVERY == 0 or self.iteration == self.schedule.iterations:
                self.save()
                took = 1000 * (time.monotonic() - started) / len(losses)
                self._log({"iteration": self.iteration, "loss": round(float(np.mean(losses)), 5), "ms": round(took, 1)})
                started, losses = time.monotonic(), []
        return self.average

    def _log(self, line: dict) -> None:
        """To the terminal and log.jsonl, with scores where they are due."""
        if self.iteration % MEASURE_EVERY == 0 or self.iteration == self.schedule.iterations:
            line |= {name: round(value, 3) for name, value in self.scores().items()}
        print(json.dumps(line), flush=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "log.jsonl", "a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")

