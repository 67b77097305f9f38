import unittest

import numpy as np
import support
import torch
from enlarger_training.grow import grown, live_channels


class Growth(unittest.TestCase):
    def setUp(self):
        self.pictures = torch.rand(2, 3, 48, 41, generator=torch.Generator().manual_seed(1))

    def assert_same(self, one, other, padded=True, cut=0):
        """Where `other` has the larger radius, `one`'s result is cut by `cut` pixels to match."""
        with torch.no_grad():
            expected, found = one(self.pictures, padded), other(self.pictures, padded)
        height, width = expected.shape[2:]
        expected = expected[:, :, cut : height - cut, cut : width - cut]
        self.assertEqual(found.shape, expected.shape)
        self.assertLess((found - expected).abs().max().item(), 1e-5)

    def test_a_wider_and_deeper_network_computes_the_same(self):
        for scale in (2, 4):
            small = support.network(scale)
            everything = [np.arange(16)] * (support.LAYERS - 1)
            for layers in (4, 5, 7, 11):
                large = grown(small, 24, layers, everything)
                self.assertEqual((len(large.convs), large.convs[1].out_channels), (layers, 24))
                self.assert_same(small, large)
                self.assert_same(small, large, padded=False, cut=(layers - support.LAYERS) * scale)

    def test_silent_channels_are_given_new_weights(self):
        small = support.network(2)
        with torch.no_grad():
            small.convs[1].bias[[2, 5]] = -100
        live = live_channels(small, self.pictures)
        self.assertEqual(sorted({2, 5} & set(live[1].tolist())), [])
        large = grown(small, 16, support.LAYERS, live)
        self.assert_same(small, large, padded=False)
        self.assertGreater(len(live_channels(large, self.pictures)[1]), len(live[1]))

    def test_new_channels_can_be_learnt_from_the_first_step(self):
        large = grown(support.network(2), 24, 6, [np.arange(16)] * 3)
        large(torch.rand(1, 3, 16, 16)).square().mean().backward()
        for conv in list(large.convs)[1:]:
            self.assertGreater(conv.weight.grad[:, 16:].abs().max().item(), 0)


if __name__ == "__main__":
    unittest.main()
