import tempfile
import unittest
from pathlib import Path

import numpy as np
import support
import torch
from enlarger_training.export import float_model
from enlarger_training.graph import save
from enlarger_training.measure import enlarge, reflect_padded, to_tensor
from enlarger_training.runtime import enlarged

RADIUS = support.RADIUS


class Export(unittest.TestCase):
    def setUp(self):
        self.image = support.picture(30, 41)
        self.padded = reflect_padded(self.image, RADIUS)

    def assert_tiles_equal_the_whole(self, model, image, whole, scale):
        top, left, height, width = 5, 8, 13, 17
        tile = image[top : top + height + 2 * RADIUS, left : left + width + 2 * RADIUS]
        expected = whole[top * scale : (top + height) * scale, left * scale : (left + width) * scale]
        np.testing.assert_array_equal(support.run(model, tile), expected)

    def test_uint8_pixels_through_float_weights(self):
        for scale, contrast, biases in ((2, False, True), (4, False, True), (2, True, False), (4, True, True)):
            network = support.network(scale, contrast=contrast, biases=biases)
            model = float_model(network, "uint8")
            whole = support.run(model, self.padded)
            self.assertLessEqual(np.abs(whole.astype(int) - enlarge(network, self.image)).max(), 1)
            self.assert_tiles_equal_the_whole(model, self.padded, whole, scale)

    def test_float_pixels(self):
        for contrast in (False, True):
            network = support.network(2, contrast=contrast)
            model = float_model(network, "float32")
            image = self.padded / np.float32(255)
            whole = support.run(model, image)
            with torch.no_grad():
                expected = network(to_tensor(self.padded), padded=False).clamp(0, 1)[0].numpy().transpose(1, 2, 0)
            self.assertLess(np.abs(whole - expected).max(), 1e-5)
            self.assert_tiles_equal_the_whole(model, image, whole, 2)

    def test_a_network_that_sees_differences_gives_back_what_is_flat(self):
        model = float_model(support.network(4, contrast=True), "float32")
        side = 2 * RADIUS + 6
        for colour in ((0, 0, 0), (1, 1, 1), (0.3, 0.97, 0.02)):
            flat = np.broadcast_to(np.float32(colour), (side, side, 3))
            self.assertLess(np.abs(support.run(model, flat) - np.float32(colour)).max(), 1e-6)

    def test_a_folded_network_takes_tiles_that_begin_at_even_pixels(self):
        network = support.network(1, fold=2)
        image = support.picture(30, 44)
        padded = reflect_padded(image, network.radius)
        tile = padded[4 : 4 + 12 + 2 * network.radius, 6 : 6 + 16 + 2 * network.radius]
        model = float_model(network, "uint8")
        whole = support.run(model, padded)
        self.assertLessEqual(np.abs(whole.astype(int) - enlarge(network, image)).max(), 1)
        np.testing.assert_array_equal(support.run(model, tile), whole[4:16, 6:22])

    def test_strength_scales_what_is_added_and_none_gives_back_the_bytes(self):
        network = support.network(1, fold=2)
        image = support.picture(30, 44)
        padded = reflect_padded(image, network.radius)
        model = float_model(network, "uint8")
        np.testing.assert_array_equal(support.run(model, padded, 0), image)
        full, half = (support.run(model, padded, strength).astype(int) for strength in (1, 0.5))
        inner = (full > 0) & (full < 255)
        self.assertLessEqual(np.abs(half - (image + full) / 2)[inner].max(), 1.01)
        floats = float_model(network, "float32")
        unit = padded / np.float32(255)
        np.testing.assert_array_equal(support.run(floats, unit, 0), image / np.float32(255))

    def test_results_in_node_equal_those_in_training_whatever_the_size(self):
        sizes = {"usual": (20, 24), "thin": (3, 19), "thinner": (11, 2), "line": (9, 1)}
        pictures = {name: support.picture(*size) for name, size in sizes.items()}
        for network in (support.network(4), support.network(1, fold=2)):
            for dtype in ("uint8", "float32"):
                with tempfile.TemporaryDirectory() as scratch:
                    path = Path(scratch) / "model.onnx"
                    save(float_model(network, dtype), path)
                    found = enlarged(path, pictures, network.radius, network.fold)
                for name, picture in pictures.items():
                    self.assertLessEqual(np.abs(found[name].astype(int) - enlarge(network, picture)).max(), 1)


if __name__ == "__main__":
    unittest.main()
