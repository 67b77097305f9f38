import unittest

import numpy as np
import support  # noqa: F401 - makes enlarger_training importable
from enlarger_training.charts import COUNT, SIDE, charts


class Charts(unittest.TestCase):
    def test_are_the_same_every_time_and_all_different(self):
        first, second = charts(2), charts(2)
        self.assertEqual(len(first), COUNT)
        for (high, low), (again, _) in zip(first, second):
            self.assertEqual((high.shape, low.shape), ((2 * SIDE, 2 * SIDE, 3), (SIDE, SIDE, 3)))
            np.testing.assert_array_equal(high, again)
        self.assertEqual(len({high.tobytes() for high, _ in first}), COUNT)

    def test_half_of_them_are_drawn_small(self):
        for index, (high, low) in enumerate(charts(4)[:8]):
            small = np.array_equal(high, low.repeat(4, 0).repeat(4, 1))
            self.assertEqual(small, index % 2 == 0)


if __name__ == "__main__":
    unittest.main()
