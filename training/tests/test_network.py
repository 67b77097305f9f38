import unittest

import support
import torch


class Network(unittest.TestCase):
    def test_valid_convolutions_give_the_interior_of_padded_ones(self):
        for scale in (2, 4):
            network = support.network(scale)
            x = torch.rand(1, 3, 24, 20)
            with torch.no_grad():
                padded, valid = network(x), network(x, padded=False)
            # A border of twice the radius: within it the padded form has seen its zeros.
            edge, inner = 2 * network.radius * scale, network.radius * scale
            expected = padded[:, :, edge:-edge, edge:-edge]
            self.assertEqual(valid.shape[2:], (scale * 16, scale * 12))
            self.assertLess((expected - valid[:, :, inner:-inner, inner:-inner]).abs().max().item(), 1e-5)


if __name__ == "__main__":
    unittest.main()
