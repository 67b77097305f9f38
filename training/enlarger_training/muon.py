"""Muon: momentum whose steps are made orthogonal (K. Jordan and others, "Muon: An optimizer for hidden layers in
neural networks", 2024). Every direction of a kernel learns at one pace, not only those with the largest gradients."""

import torch

MOMENTUM = 0.95
NEWTON_SCHULZ = (3.4445, -4.775, 2.0315)  # coefficients of its quintic, and five rounds of it
ROUNDS = 5


class Muon:
    """For the kernels [out, in, 3, 3] of `convolutions` of one shape, each taken as a matrix [out, 9·in]; `decay` is
    the share of a kernel that a step of rate 1 would take away.

    What a step changes of a convolution's answer to its mean input, the bias takes back: brightness is in every
    picture, so that steps of one length in all directions would soon shut all ReLUs behind it, and no gradient opens
    them again. How bright an answer is is left to the bias, which others learn, at their own slow pace.
    """

    def __init__(self, convolutions: list[torch.nn.Conv2d], decay: float):
        self.convolutions, self.decay = convolutions, decay
        self.momenta = [torch.zeros_like(convolution.weight) for convolution in convolutions]

    @torch.no_grad()
    def step(self, rate: float, means: list[torch.Tensor]) -> None:
        """`means`: of each convolution's input by channel [in], as it was when the gradients were taken."""
        ahead = []
        for convolution, momentum in zip(self.convolutions, self.momenta):
            gradient = convolution.weight.grad
            momentum.lerp_(gradient, 1 - MOMENTUM)
            ahead.append(torch.lerp(gradient, momentum, MOMENTUM).permute(0, 2, 3, 1).flatten(1))
        for convolution, mean, straight in zip(self.convolutions, means, orthogonal(torch.stack(ahead))):
            kernel = convolution.weight
            outputs, inputs = kernel.shape[:2]
            step = rate * (straight.reshape(outputs, 3, 3, inputs).permute(0, 3, 1, 2) + self.decay * kernel)
            kernel.sub_(step)
            if convolution.bias is not None:
                convolution.bias.add_(step.sum((2, 3)) @ mean)

    def state(self) -> list[torch.Tensor]:
        return self.momenta

    def load(self, state: list[torch.Tensor]) -> None:
        for momentum, saved in zip(self.momenta, state):
            momentum.copy_(saved)


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """[N, rows, columns], rows ≤ columns: each with its singular values brought near 1, by Newton-Schulz in bfloat16."""
    a, b, c = NEWTON_SCHULZ
    x = (matrices / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
    for _ in range(ROUNDS):
        gram = torch.bmm(x, x.transpose(1, 2).contiguous())
        x = a * x + torch.bmm(b * gram + c * torch.bmm(gram, gram), x)
    return x.float()
