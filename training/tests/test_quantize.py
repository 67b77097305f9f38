import unittest

import numpy as np
import support
from enlarger_training.calibrate import activation_ranges
from enlarger_training.layers import layers_of
from enlarger_training.measure import enlarge, to_tensor
from enlarger_training.quantize import bias_corrected, quantised


class Quantisation(unittest.TestCase):
    def setUp(self):
        self.network = support.network(2)
        self.image = support.picture(40, 48)
        self.pictures = to_tensor(self.image)
        self.ranges = activation_ranges(self.network, self.pictures, seed=1)[100.0]

    def test_weights_and_biases_come_back_within_half_a_step(self):
        form = quantised(self.network, self.ranges)
        for (weight, bias), layer in zip(layers_of(self.network, levels=True), form.layers):
            step = layer.weight_scale[:, None, None, None]
            self.assertTrue((np.abs(layer.weight * step - weight) <= step * 0.501).all())
            self.assertEqual(np.abs(layer.weight).max(axis=(1, 2, 3)).tolist(), [127] * len(bias))
            step = layer.input_scale * layer.weight_scale
            self.assertTrue((np.abs(layer.bias * step - bias) <= step * 0.501).all())

    def test_pictures_stay_close_to_the_float_network_and_closer_with_corrected_biases(self):
        exact = enlarge(self.network, self.image).astype(int)
        plain = quantised(self.network, self.ranges)
        forms = (plain, bias_corrected(plain, self.network, self.pictures))
        levels = [np.abs(form.enlarge(self.image) - exact).mean() for form in forms]
        self.assertLess(levels[0], 0.5)
        self.assertLess(levels[1], 0.7 * levels[0])


if __name__ == "__main__":
    unittest.main()
