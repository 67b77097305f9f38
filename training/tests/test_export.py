import tempfile
import unittest
from pathlib import Path

import numpy as np
import support
import torch
from enlarger_training.calibrate import activation_ranges
from enlarger_training.export import float_model, int8_model
from enlarger_training.graph import save
from enlarger_training.measure import enlarge, psnr_y, reflect_padded, to_tensor
from enlarger_training.quantize import quantised
from enlarger_training.runtime import scores, write_pairs

RADIUS = support.LAYERS


class Export(unittest.TestCase):
    def setUp(self):
        self.image = support.picture(30, 41)
        self.padded = reflect_padded(self.image, RADIUS)

    def form(self, network):
        return quantised(network, activation_ranges(network, to_tensor(self.image), seed=1)[100.0])

    def assert_tiles_equal_the_whole(self, model, image, whole, scale):
        top, left, height, width = 5, 8, 13, 17
        tile = image[top : top + height + 2 * RADIUS, left : left + width + 2 * RADIUS]
        expected = whole[top * scale : (top + height) * scale, left * scale : (left + width) * scale]
        np.testing.assert_array_equal(support.run(model, tile)[0], expected)

    def test_uint8_pixels_through_float_weights(self):
        for scale in (2, 4):
            network = support.network(scale)
            model = float_model(network, "uint8")
            whole, _ = support.run(model, self.padded)
            self.assertLessEqual(np.abs(whole.astype(int) - enlarge(network, self.image)).max(), 1)
            self.assert_tiles_equal_the_whole(model, self.padded, whole, scale)

    def test_float_pixels(self):
        network = support.network(2)
        model = float_model(network, "float32")
        image = self.padded / np.float32(255)
        whole, _ = support.run(model, image)
        with torch.no_grad():
            expected = network(to_tensor(self.padded), padded=False).clamp(0, 1)[0].numpy().transpose(1, 2, 0)
        self.assertLess(np.abs(whole - expected).max(), 1e-5)
        self.assert_tiles_equal_the_whole(model, image, whole, 2)

    def test_int8_is_the_simulated_arithmetic_in_int8_operators_only(self):
        for scale, step in ((2, 1.0), (4, 1.25)):
            form = self.form(support.network(scale)).with_residual_step(step)
            model = int8_model(form)
            whole, operators = support.run(model, self.padded)
            np.testing.assert_array_equal(whole, form.enlarge(self.image))
            self.assertEqual((operators["QLinearConv"], operators["QLinearAdd"]), (RADIUS, 1))
            floating = {"Conv", "FusedConv", "Add", "Relu", "QuantizeLinear", "DequantizeLinear"}
            self.assertFalse(floating & operators.keys())
            self.assert_tiles_equal_the_whole(model, self.padded, whole, scale)

    def test_scores_in_node_equal_those_in_training_whatever_the_size(self):
        network = support.network(4)
        sizes = {"usual": (20, 24), "thin": (3, 19), "thinner": (11, 2), "line": (9, 1)}
        pairs = {
            name: (support.picture(4 * height, 4 * width, seed=1), support.picture(height, width))
            for name, (height, width) in sizes.items()
        }
        expected = {name: psnr_y(high, enlarge(network, low), 1) for name, (high, low) in pairs.items()}
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            write_pairs(folder, pairs)
            for dtype in ("uint8", "float32"):
                model = folder / f"{dtype}.onnx"
                save(float_model(network, dtype), model)
                found = scores(model, folder, 1, RADIUS)  # one pixel off each border
                self.assertEqual(found.keys(), expected.keys())
                for name, value in expected.items():
                    self.assertAlmostEqual(found[name], value, delta=0.01)


if __name__ == "__main__":
    unittest.main()
