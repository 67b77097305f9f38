import unittest
from dataclasses import replace
from pathlib import Path

import support  # noqa: F401 - makes enlarger_training importable
from enlarger_training.recipe import Phase, Recipe, Schedule

RECIPES = Path(__file__).resolve().parents[1] / "recipes"


class Rates(unittest.TestCase):
    def setUp(self):
        finish = Phase(iterations=40, batch=2, patch=9)
        self.recipe = Recipe("x", 4, 8, 4, 200, 3, 7, 0.01, 10, 0.9, 1, floor=0.2, finish=finish)

    def test_the_rate_rises_falls_to_the_floor_and_then_to_zero(self):
        schedule = Schedule.of(self.recipe)
        self.assertEqual(schedule.total, 240)
        expected = {0: 0.001, 9: 0.01, 10: 0.01, 105: 0.006, 200: 0.002, 220: 0.001, 240: 0}
        for iteration, rate in expected.items():
            self.assertAlmostEqual(schedule.rate(iteration), rate, places=9)
        self.assertEqual([schedule.phase(at).patch for at in (0, 199, 200, 239)], [7, 7, 9, 9])

    def test_a_run_cut_short_falls_to_zero_from_where_it_is(self):
        schedule = Schedule(self.recipe, 105, 20)
        self.assertEqual(schedule.total, 125)
        for iteration, rate in {105: 0.006, 115: 0.003, 125: 0}.items():
            self.assertAlmostEqual(schedule.rate(iteration), rate, places=9)

    def test_without_a_last_phase_a_run_ends_with_the_cosine(self):
        schedule = Schedule.of(replace(self.recipe, finish=None))
        self.assertEqual((schedule.total, schedule.phase(200).patch), (200, 7))
        self.assertAlmostEqual(schedule.rate(199), 0.002, places=5)

    def test_each_recipe_is_read_and_grows_from_one_that_is_no_larger(self):
        names = {path.stem for path in RECIPES.glob("*.json")}
        self.assertEqual(names, {"photo-x2", "photo-x2-small", "photo-x4", "photo-x4-small"})
        for name in names:
            recipe = Recipe.read(RECIPES / f"{name}.json")
            self.assertEqual(recipe.id, name)
            if recipe.start:
                start = Recipe.read(RECIPES / f"{recipe.start}.json")
                self.assertEqual(start.scale, recipe.scale)
                self.assertLessEqual((start.channels, start.layers), (recipe.channels, recipe.layers))


if __name__ == "__main__":
    unittest.main()
