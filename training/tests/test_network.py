import unittest

import support
import torch


class Network(unittest.TestCase):
    def test_valid_convolutions_give_the_interior_of_padded_ones(self):
        for scale, contrast in ((2, False), (4, False), (4, True)):
            network = support.network(scale, contrast=contrast)
            x = torch.rand(1, 3, 24, 20)
            with torch.no_grad():
                padded, valid = network(x), network(x, padded=False)
            # A border of twice the radius: within it the padded form has seen its zeros.
            edge, inner = 2 * network.radius * scale, network.radius * scale
            expected = padded[:, :, edge:-edge, edge:-edge]
            self.assertEqual(valid.shape[2:], (scale * 16, scale * 12))
            self.assertLess((expected - valid[:, :, inner:-inner, inner:-inner]).abs().max().item(), 1e-5)

    def test_flat_places_come_back_as_they_were(self):
        network = support.network(2, contrast=True)
        with torch.no_grad():
            for level in (0.0, 0.013, 0.37, 0.8, 1.0):
                x = torch.full((1, 3, 12, 12), level)
                self.assertLess((network(x, padded=False) - level).abs().max().item(), 1e-6)

    def test_differences_are_enlarged_alike_however_small_they_are(self):
        network, x = support.network(2, contrast=True, biases=False), 0.51 + 0.2 * torch.rand(1, 3, 12, 12)
        with torch.no_grad():
            changes = network.residual(x), network.residual(0.6 + (x - 0.6) / 1000)
        self.assertGreater(changes[0].abs().max().item(), 0.01)
        self.assertLess((changes[0] - 1000 * changes[1]).abs().max().item(), 1e-3)


if __name__ == "__main__":
    unittest.main()
