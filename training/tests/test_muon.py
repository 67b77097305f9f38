import unittest

import support  # noqa: F401 - makes enlarger_training importable
import torch
from enlarger_training.muon import Muon, orthogonal


class Steps(unittest.TestCase):
    def test_every_direction_of_a_matrix_becomes_about_as_long(self):
        torch.manual_seed(1)
        uneven = torch.randn(2, 16, 144) * torch.logspace(0, -1.5, 16)[:, None]
        lengths = torch.linalg.svdvals(orthogonal(uneven))
        self.assertGreater(lengths.min().item(), 0.5)
        self.assertLess(lengths.max().item(), 1.3)

    def test_a_step_follows_the_gradient_down_and_weights_decay(self):
        conv = convolution()
        muon, mean = Muon([conv], decay=0.5), torch.zeros(8)
        errors = []
        for _ in range(90):
            error = conv.weight.square().sum()
            conv.weight.grad = None
            error.backward()
            muon.step(0.1, [mean])
            errors.append(error.item())
        self.assertLess(errors[-1], errors[0] / 10)
        conv.weight.grad = torch.zeros_like(conv.weight)
        before = conv.weight.detach().clone()
        Muon([conv], decay=0.5).step(0.2, [mean])
        self.assertTrue(torch.allclose(conv.weight, 0.9 * before, atol=1e-6))

    def test_the_answer_to_the_mean_input_stays(self):
        conv, mean = convolution(), torch.rand(8)
        flat = mean[None, :, None, None].expand(1, 8, 5, 5)
        with torch.no_grad():
            before = conv(flat)
        conv.weight.grad = torch.randn_like(conv.weight)
        kernel = conv.weight.detach().clone()
        Muon([conv], decay=0.1).step(0.3, [mean])
        self.assertGreater((conv.weight - kernel).abs().max().item(), 0.01)
        self.assertLess((conv(flat) - before).abs().max().item(), 1e-4)


def convolution() -> torch.nn.Conv2d:
    torch.manual_seed(2)
    return torch.nn.Conv2d(8, 8, 3)


if __name__ == "__main__":
    unittest.main()
