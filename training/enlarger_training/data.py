"""The training pictures: a manifest of what was used, and seeded batches of aligned patches."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from .resize import bicubic, reduced

HELD_OUT_EVERY = 12  # one photograph in twelve is kept for validation


@dataclass(frozen=True)
class Source:
    file: str
    photograph: str
    split: str  # "train" or "validation"
    sha256: str
    licence: str
    author: str


def photograph_of(row: dict) -> str:
    return f"{row['repo']}/{row['path']}"


def split_of(photograph: str) -> str:
    """Crops of one photograph never stand on both sides."""
    digest = hashlib.sha256(photograph.encode()).digest()
    return "validation" if digest[0] % HELD_OUT_EVERY == 0 else "train"


def read_sources(folder: Path) -> list[Source]:
    """Every picture named in `folder`/SOURCES.csv, in name order."""
    with open(folder / "SOURCES.csv", newline="", encoding="utf-8") as handle:
        rows = sorted(csv.DictReader(handle), key=lambda row: row["file"])
    return [
        Source(
            file=row["file"],
            photograph=photograph_of(row),
            split=split_of(photograph_of(row)),
            sha256=hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest(),
            licence=row["licence"],
            author=row["author"],
        )
        for row in rows
    ]


def write_manifest(sources: list[Source], path: Path) -> None:
    with open(path, "w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(Source.__dataclass_fields__)
        writer.writerows([s.file, s.photograph, s.split, s.sha256, s.licence, s.author] for s in sources)


def load_rgb(path: Path) -> np.ndarray:
    """H×W×3, uint8."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


class Pairs:
    """Aligned (high, low) pictures of one split, kept in memory as uint8; each once for each of
    `reductions`, the high one first reduced by that factor."""

    def __init__(self, folder: Path, sources: list[Source], split: str, scale: int, reductions: tuple[float, ...] = (1,)):
        self.scale = scale
        chosen = [source for source in sources if source.split == split]
        if not chosen:
            raise SystemExit(f"{folder} holds no pictures for {split}: give another --data folder")
        pictures = [load_rgb(folder / source.file) for source in chosen]
        self.pairs = [reduced(_smaller(picture, factor), scale) for factor in reductions for picture in pictures]
        self.ends = np.cumsum([low.shape[0] * low.shape[1] for _, low in self.pairs])

    def __len__(self) -> int:
        return len(self.pairs)

    def batch(self, rng: np.random.Generator, count: int, patch: int) -> tuple[np.ndarray, np.ndarray]:
        """(low [count, patch, patch, 3], high [count, patch·scale, …, 3]), uint8, flipped and
        turned at random; a picture is chosen the more often the larger it is."""
        low = np.empty((count, patch, patch, 3), np.uint8)
        high = np.empty((count, patch * self.scale, patch * self.scale, 3), np.uint8)
        for slot in range(count):
            big, small = self.pairs[np.searchsorted(self.ends, rng.integers(self.ends[-1]), side="right")]
            top = rng.integers(small.shape[0] - patch + 1)
            left = rng.integers(small.shape[1] - patch + 1)
            turns, mirror = rng.integers(4), rng.integers(2)
            low[slot] = _turned(small[top : top + patch, left : left + patch], turns, mirror)
            s = self.scale
            high[slot] = _turned(big[top * s : (top + patch) * s, left * s : (left + patch) * s], turns, mirror)
        return low, high


def _smaller(picture: np.ndarray, factor: float) -> np.ndarray:
    return picture if factor == 1 else bicubic(picture, *(round(size / factor) for size in picture.shape[:2]))


def _turned(patch: np.ndarray, turns: int, mirror: int) -> np.ndarray:
    patch = np.rot90(patch, turns)
    return patch[:, ::-1] if mirror else patch
