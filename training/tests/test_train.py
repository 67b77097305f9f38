import csv
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import support
import torch
from enlarger_training.data import Pairs, read_sources
from enlarger_training.measure import enlarge
from enlarger_training.recipe import Phase, Recipe
from enlarger_training.train import Trainer
from PIL import Image

SMALL = Recipe("small", 2, 8, 3, 6, 2, 12, 0.001, 2, 0.9, 1)
LARGE = replace(SMALL, id="large", channels=12, layers=5, start="small", reductions=(1, 2), finish=Phase(4, 1, 20))


def write_pictures(folder: Path) -> None:
    """Twenty photographs, enough for both sides of the split."""
    columns = ("file", "repo", "path", "licence", "author")
    with open(folder / "SOURCES.csv", "w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(columns)
        for index in range(20):
            Image.fromarray(support.picture(200, 204, seed=index)).save(folder / f"{index}.png")
            writer.writerow([f"{index}.png", "here", f"{index}.jpg", "CC0", "nobody"])


class Training(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        write_pictures(self.folder)
        self.sources = read_sources(self.folder)

    def trainer(self, recipe: Recipe, run: str) -> Trainer:
        made = Trainer(recipe, self.folder, self.sources, self.folder / "runs" / run, None)
        made.resume()
        return made

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

    def test_a_grown_run_begins_with_the_score_of_the_small_one(self):
        small = self.trainer(SMALL, "small")
        small.run()
        large = self.trainer(LARGE, "large")
        large.grow_from(small.average)
        self.assertAlmostEqual(large.scores()["validation"], small.scores()["validation"], places=2)
        picture = support.picture(60, 50)
        self.assertLessEqual(abs(enlarge(large.average, picture).astype(int) - enlarge(small.average, picture)).max(), 1)
        large.run()
        self.assertEqual(large.iteration, 10)

    def test_annealing_ends_a_run_early_also_when_it_is_resumed(self):
        run = self.trainer(LARGE, "annealed")
        run.step()
        run.anneal(3)
        again = self.trainer(LARGE, "annealed")
        again.anneal(3)
        self.assertEqual((again.schedule.finish_from, again.schedule.total), (1, 4))
        self.assertEqual(again.schedule.phase(again.iteration), LARGE.finish)
        again.run()
        self.assertEqual((again.iteration, self.trainer(LARGE, "annealed").iteration), (4, 4))

    def test_reduced_pictures_join_the_others_in_proportion_to_their_area(self):
        pairs = Pairs(self.folder, self.sources, "train", 2, (1, 2))
        sizes = [low.shape[:2] for _, low in pairs.pairs]
        self.assertEqual(set(sizes), {(100, 102), (50, 51)})
        self.assertEqual(sizes.count((100, 102)), sizes.count((50, 51)))
        self.assertEqual(pairs.ends[-1], sum(height * width for height, width in sizes))


if __name__ == "__main__":
    unittest.main()
