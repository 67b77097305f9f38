"""The training pictures: a manifest of what was used, and seeded batches of aligned patches."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from .charts import charts
from .damage import MARGIN, damaged
from .resize import bicubic, reduced

HELD_OUT_EVERY = 12  # one photograph in twelve is kept for validation
FACES = "faces"  # the view that is a folder of its own
CHARTS = "charts"  # the view that is drawn: see charts.py
AS_THEY_ARE = {"1": 1.0}


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


def read_sources(folder: Path, split: str = "") -> list[Source]:
    """Every picture named in `folder`/SOURCES.csv, in name order; all on one side if `split` names it."""
    with open(folder / "SOURCES.csv", newline="", encoding="utf-8") as handle:
        rows = sorted(csv.DictReader(handle), key=lambda row: row["file"])
    return [
        Source(
            file=row["file"],
            photograph=photograph_of(row),
            split=split or split_of(photograph_of(row)),
            sha256=hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest(),
            licence=row["licence"],
            author=row.get("author", ""),
        )
        for row in rows
    ]


def read_faces(folder: Path) -> list[Source]:
    """Every portrait named in `folder`/SOURCES.csv, all for training; nobody is credited by name."""
    return read_sources(folder, "train")


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
    """Aligned (high, low) pictures of one split, kept in memory as uint8, seen in one or more `views` (name → share
    of the patches): each picture first reduced by the factor that names the view, or FACES, the pictures of `faces`, or
    CHARTS."""

    def __init__(
        self,
        folder: Path,
        sources: list[Source],
        split: str,
        scale: int,
        views: Mapping[str, float] = AS_THEY_ARE,
        faces: Path | None = None,
    ):
        self.scale = scale
        chosen = [source for source in sources if source.split == split]
        if not chosen:
            raise SystemExit(f"{folder} holds no pictures for {split}: give another --data folder")
        if FACES in views and not faces:
            raise SystemExit(f"this recipe also learns from {FACES}: give their folder as --faces")
        pictures = [load_rgb(folder / source.file) for source in chosen]
        self.views = []
        for view in views:
            if view == CHARTS:
                self.views.append(charts(scale))
                continue
            seen = [load_rgb(faces / face.file) for face in read_faces(faces)] if view == FACES else pictures
            factor = 1 if view == FACES else float(view)
            self.views.append([reduced(_smaller(picture, factor), scale) for picture in seen])
        self.shares = np.array(list(views.values())) / sum(views.values())

    @property
    def pairs(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Of the first view."""
        return self.views[0]

    def batch(
        self, rng: np.random.Generator, count: int, patch: int, liveliest_of: int = 1
    ) -> tuple[np.ndarray, np.ndarray]:
        """(low [count, patch, patch, 3], high [count, patch·scale, …, 3]), uint8, flipped and turned at random; each
        is the one with the most detail of `liveliest_of` drawn: flat patches teach little."""
        low = np.empty((count, patch, patch, 3), np.uint8)
        high = np.empty((count, patch * self.scale, patch * self.scale, 3), np.uint8)
        for slot in range(count):
            high[slot], low[slot] = self._pair(rng, patch, liveliest_of)
        return low, high

    def _pair(self, rng: np.random.Generator, patch: int, liveliest_of: int) -> tuple[np.ndarray, np.ndarray]:
        """One (high, low) of a batch."""
        drawn = [self._place(rng, patch) for _ in range(liveliest_of)]
        big, small, top, left = max(drawn, key=lambda place: _detail(_window(*place[1:], patch)))
        turns, mirror, s = rng.integers(4), rng.integers(2), self.scale
        high = _turned(_window(big, top * s, left * s, patch * s), turns, mirror)
        return high, _turned(_window(small, top, left, patch), turns, mirror)

    def _place(self, rng: np.random.Generator, patch: int) -> tuple[np.ndarray, np.ndarray, int, int]:
        """(high, low, top, left) of a patch anywhere in any picture of a view."""
        view = self.views[rng.choice(len(self.views), p=self.shares)]
        big, small = view[rng.integers(len(view))]
        return big, small, rng.integers(small.shape[0] - patch + 1), rng.integers(small.shape[1] - patch + 1)


class DamagedPairs(Pairs):
    """Pairs whose low patches are hurt at random."""

    def _pair(self, rng: np.random.Generator, patch: int, liveliest_of: int) -> tuple[np.ndarray, np.ndarray]:
        high, low = super()._pair(rng, patch + 2 * MARGIN, liveliest_of)
        edge = MARGIN * self.scale
        return high[edge:-edge, edge:-edge], damaged(low, rng)


def _window(picture: np.ndarray, top: int, left: int, side: int) -> np.ndarray:
    return picture[top : top + side, left : left + side]


def _detail(patch: np.ndarray) -> float:
    """Mean difference of neighbours in green."""
    green = patch[:, :, 1].astype(np.int16)
    return float(np.abs(np.diff(green, axis=0)).mean() + np.abs(np.diff(green, axis=1)).mean())


def _smaller(picture: np.ndarray, factor: float) -> np.ndarray:
    return picture if factor == 1 else bicubic(picture, *(round(size / factor) for size in picture.shape[:2]))


def _turned(patch: np.ndarray, turns: int, mirror: int) -> np.ndarray:
    patch = np.rot90(patch, turns)
    return patch[:, ::-1] if mirror else patch
