import unittest
from dataclasses import replace
from pathlib import Path

import support  # noqa: F401 - makes enlarger_training importable
from enlarger_training.recipe import Recipe, Schedule

RECIPES = Path(__file__).resolve().parents[1] / "recipes"


class Rates(unittest.TestCase):
    def setUp(self):
        self.recipe = Recipe("x", 4, 8, 1, 200, 3, 7, 0.02, 0.001, 0.1, 10, 0.9, 1, squared_from=0.5)

    def test_rates_rise_and_fall_along_a_parabola_to_zero(self):
        schedule = Schedule.of(self.recipe)
        expected = {0: 0.1, 9: 0.955**2, 100: 0.25, 150: 0.0625, 200: 0}
        for iteration, share in expected.items():
            self.assertAlmostEqual(schedule.share(iteration), share, places=9)

    def test_a_run_made_shorter_ends_at_zero_too(self):
        schedule = Schedule(self.recipe, 120)
        self.assertEqual((schedule.share(60), schedule.share(120)), (0.25, 0))

    def test_the_squared_error_takes_over(self):
        schedule = Schedule.of(self.recipe)
        self.assertEqual([schedule.loss(at) for at in (0, 99, 100, 199)], ["L1", "L1", "RMS", "RMS"])
        self.assertEqual(Schedule.of(Recipe("x", 4, 8, 1, 2, 3, 7, 0.02, 0.001, 0.1, 1, 0.9, 1)).loss(1), "L1")

    def test_the_last_patches_are_taken_as_they_come(self):
        schedule = Schedule.of(replace(self.recipe, liveliest_of=3, calm_from=0.75))
        self.assertEqual([schedule.patches(at) for at in (149, 150)], [(3, 7, 3), (3, 7, 1)])
        self.assertEqual(Schedule.of(self.recipe).patches(199), (3, 7, 1))

    def test_each_recipe_is_read_and_begins_with_one_of_its_width(self):
        names = {path.stem for path in RECIPES.glob("*.json")}
        self.assertEqual({"photo-x2", "photo-x2-begin", "photo-x4", "photo-x4-begin", "restore-x1"}, names)
        for name in names:
            recipe = Recipe.read(RECIPES / f"{name}.json")
            self.assertEqual(recipe.id, name)
            if recipe.start:
                start = Recipe.read(RECIPES / f"{recipe.start}.json")
                self.assertEqual((start.channels, start.blocks), (recipe.channels, recipe.blocks))


if __name__ == "__main__":
    unittest.main()
