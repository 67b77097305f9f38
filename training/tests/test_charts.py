import unittest

import numpy as np
import support  # noqa: F401 - makes enlarger_training importable
from enlarger_training.charts import COUNT, SIDE, charts
from enlarger_training.resize import reduced


class Charts(unittest.TestCase):
    def test_are_the_same_every_time_and_all_different(self):
        first, second = charts(2), charts(2)
        self.assertEqual(len(first), COUNT)
        for one, again in zip(first, second):
            self.assertEqual(one.shape, (2 * SIDE, 2 * SIDE, 3))
            np.testing.assert_array_equal(one, again)
        self.assertEqual(len({chart.tobytes() for chart in first}), COUNT)

    def test_pure_edges_on_the_borders_of_pixels_stay_where_they_are(self):
        high, low = reduced(charts(4)[0], 4)
        middles = high[1::4, 1::4].astype(int)
        pure = np.isin(middles, (0, 255)).all(2)
        self.assertGreater(pure.mean(), 0.3)
        self.assertLess(np.abs(middles - low)[pure].mean(), 8)


if __name__ == "__main__":
    unittest.main()
