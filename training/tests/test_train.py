import csv
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import numpy as np
import support
import torch
from enlarger_training.data import Pairs, read_faces, read_sources
from enlarger_training.faint import FAINT, fainter
from enlarger_training.recipe import Recipe
from enlarger_training.train import Trainer
from PIL import Image

SMALL = Recipe("small", 2, 8, 1, 6, 2, 12, 0.02, 0.001, 0.1, 2, 0.9, 1)
FOLDED = replace(SMALL, id="folded", scale=1, fold=2, damage=True)


def write_pictures(folder: Path) -> list:
    """Twenty photographs, enough for both sides of the split."""
    columns = ("file", "repo", "path", "licence", "author")
    with open(folder / "SOURCES.csv", "w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(columns)
        for index in range(20):
            Image.fromarray(support.picture(200, 204, seed=index)).save(folder / f"{index}.png")
            writer.writerow([f"{index}.png", "here", f"{index}.jpg", "CC0", "nobody"])
    return read_sources(folder)


def trainer_of(recipe: Recipe, folder: Path, sources: list, run: str) -> Trainer:
    made = Trainer(recipe, folder, sources, folder / "runs" / run, None)
    made.resume()
    return made


class Training(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.sources = write_pictures(self.folder)

    def trainer(self, recipe: Recipe, run: str) -> Trainer:
        return trainer_of(recipe, self.folder, self.sources, run)

    def assert_equal_weights(self, one, other):
        for name, value in one.state_dict().items():
            self.assertTrue(torch.equal(value, other.state_dict()[name]), name)

    def test_a_run_that_was_stopped_ends_as_an_unbroken_one(self):
        unbroken = self.trainer(SMALL, "unbroken").run()
        stopped = self.trainer(SMALL, "stopped")
        for _ in range(4):
            stopped.step()
        stopped.save()
        self.assert_equal_weights(self.trainer(SMALL, "stopped").run(), unbroken)

    def test_a_run_begins_with_the_trunk_of_another_scale(self):
        first = self.trainer(replace(SMALL, scale=4), "first")
        first.run()
        second = self.trainer(SMALL, "second")
        second.begin_with(first.average)
        for index in range(SMALL.network().layers - 1):
            for network in (second.network, second.average):
                self.assertTrue(torch.equal(network.convs[index].weight, first.average.convs[index].weight))
        self.assertEqual(second.network.convs[-1].weight.shape[0], 12)
        second.run()
        self.assertFalse(torch.equal(second.network.convs[0].weight, first.average.convs[0].weight))

    def test_a_run_that_sees_differences_begins_with_the_kernels_of_one_that_does_not(self):
        first = self.trainer(SMALL, "first")
        second = self.trainer(replace(SMALL, contrast=True), "second")
        second.begin_with(first.average)
        first_kernel, given = second.network.convs[0].weight, first.average.convs[0].weight
        self.assertTrue(torch.equal(first_kernel[:, :3], given))
        self.assertEqual(first_kernel[:, 3:].abs().max().item(), 0)
        second.run()
        self.assertGreater(second.network.convs[0].weight[:, 3:].abs().max().item(), 0)
        self.assertLess(second.network.first_kernel().sum((2, 3)).abs().max().item(), 1e-5)

    def test_some_pairs_are_shown_with_little_contrast(self):
        low, high = torch.rand(200, 3, 4, 4), torch.rand(200, 3, 8, 8)
        faint_low, faint_high, contrast = fainter(low, high, 0.5, np.random.default_rng(1))
        chosen = contrast[:, 0, 0, 0] < 1
        self.assertTrue(70 < chosen.sum() < 130)
        self.assertTrue((contrast[chosen] >= FAINT[0]).all() and (contrast[chosen] <= FAINT[1]).all())
        self.assertTrue(torch.equal(faint_low[~chosen], low[~chosen]))
        self.assertTrue(0 <= min(faint_low.min(), faint_high.min()) and max(faint_low.max(), faint_high.max()) <= 1)
        # Both change alike, so that one is still what the other is made of.
        offset = (faint_high - contrast * high)[:, :, :1, :1]
        self.assertLess((faint_low - contrast * low - offset).abs().max().item(), 1e-6)
        self.assertLess((faint_high - contrast * high - offset).abs().max().item(), 1e-6)

    def test_a_folded_network_learns_to_heal(self):
        run = self.trainer(replace(FOLDED, iterations=30), "folded")
        before = run.scores()
        run.run()
        after = run.scores()
        self.assertEqual(set(after), {"clean", "noise 15", "JPEG 30"})
        self.assertGreater(after["noise 15"], before["noise 15"])

    def test_the_second_half_of_a_run_resumes_exactly_too(self):
        recipe = replace(FOLDED, squared_from=0.5)
        unbroken = self.trainer(recipe, "unbroken").run()
        stopped = self.trainer(recipe, "stopped")
        for _ in range(5):
            stopped.step()
        stopped.save()
        self.assert_equal_weights(self.trainer(recipe, "stopped").run(), unbroken)

    def test_a_run_made_shorter_stays_so_when_it_is_resumed(self):
        run = self.trainer(SMALL, "short")
        run.step()
        run.end_at(3)
        again = self.trainer(SMALL, "short")
        again.run()
        self.assertEqual((again.iteration, self.trainer(SMALL, "short").schedule.iterations), (3, 3))


class Patches(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.sources = write_pictures(self.folder)

    def test_pictures_are_seen_reduced_and_portraits_join_them(self):
        faces = self.folder / "faces"
        faces.mkdir()
        Image.fromarray(support.picture(60, 64, seed=9)).save(faces / "one.png")
        (faces / "SOURCES.csv").write_text("file,person,repo,path,licence\none.png,p,here,one.jpg,public domain\n")
        views = {"1": 0.5, "2": 0.3, "faces": 0.2}
        pairs = Pairs(self.folder, self.sources, "train", 2, views, faces)
        self.assertEqual([view[0][1].shape[:2] for view in pairs.views], [(100, 102), (50, 51), (30, 32)])
        self.assertEqual(len(pairs.views[0]), len(pairs.views[1]))
        self.assertEqual([face.split for face in read_faces(faces)], ["train"])
        low, high = pairs.batch(np.random.default_rng(1), 4, 12)
        self.assertEqual((low.shape, high.shape), ((4, 12, 12, 3), (4, 24, 24, 3)))

    def test_portraits_that_are_not_there_are_asked_for(self):
        with self.assertRaisesRegex(SystemExit, "--faces"):
            Pairs(self.folder, self.sources, "train", 2, {"faces": 1.0})

    def test_the_patch_with_the_most_detail_is_taken(self):
        flat, busy = np.full((40, 40, 3), 90, np.uint8), support.picture(40, 40)
        pairs = Pairs(self.folder, self.sources, "train", 2)
        pairs.views = [[(flat, flat[::2, ::2]), (busy, busy[::2, ::2])]]
        low, _ = pairs.batch(np.random.default_rng(1), 5, 12, 8)
        self.assertTrue(all(patch.std() > 10 for patch in low))


if __name__ == "__main__":
    unittest.main()
