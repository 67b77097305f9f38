import unittest

import numpy as np
import support
from enlarger_training.resize import bicubic, reduced, resampling_matrix


class Resize(unittest.TestCase):
    def test_halving_weighs_as_the_stretched_kernel(self):
        row = resampling_matrix(16, 8)[3]
        half = [0.43359375, 0.11328125, -0.03515625, -0.01171875]  # Keys at .25 .75 1.25 1.75, over 2
        np.testing.assert_allclose(row[3:11], [*half[::-1], *half], atol=1e-12)
        self.assertEqual(np.count_nonzero(row), 8)

    def test_doubling_weighs_as_the_kernel(self):
        row = resampling_matrix(8, 16)[7]  # stands a quarter of a pixel after pixel 3
        np.testing.assert_allclose(row[2:6], [-0.0703125, 0.8671875, 0.2265625, -0.0234375], atol=1e-12)

    def test_borders_mirror(self):
        row = resampling_matrix(4, 8)[0]  # a quarter of a pixel before pixel 0
        np.testing.assert_allclose(row, [0.8671875 + 0.2265625, -0.0703125 - 0.0234375, 0, 0], atol=1e-12)

    def test_flat_pictures_stay_flat_and_sizes_are_cropped_to_the_scale(self):
        flat = np.full((13, 10, 3), (7, 130, 255), np.uint8)
        high, low = reduced(flat, 4)
        self.assertEqual((high.shape, low.shape), ((12, 8, 3), (3, 2, 3)))
        self.assertTrue((low == flat[0, 0]).all())
        self.assertTrue((bicubic(low, 30, 9) == flat[0, 0]).all())

    def test_reduction_of_a_picture(self):
        ramp = support.picture(8, 8, seed=3)
        matrix = resampling_matrix(8, 4)
        expected = np.floor(np.einsum("oh,hwc,pw->opc", matrix, ramp.astype(np.float64), matrix) + 0.5)
        np.testing.assert_array_equal(reduced(ramp, 2)[1], np.clip(expected, 0, 255))


if __name__ == "__main__":
    unittest.main()
