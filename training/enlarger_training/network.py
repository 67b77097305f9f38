"""The network: a plain stack of 3×3 convolutions and ReLUs that predicts what nearest-neighbour
enlargement lacks. Nothing in it is slow on any runtime, everything in it quantises to int8."""

import torch
import torch.nn.functional as F
from torch import nn


class PlainSR(nn.Module):
    """`layers` convolutions 3×3 of `channels`, receptive radius `layers` pixels of the input.

    x: float [N, 3, H, W] in 0..1. Returns float [N, 3, H·scale, W·scale], unclamped.
    With padded=False the convolutions are VALID and the result covers the input less
    `layers` pixels on each side, which is the form that is exported.
    """

    def __init__(self, scale: int, channels: int, layers: int):
        super().__init__()
        self.scale, self.channels, self.layers = scale, channels, layers
        widths = [3] + [channels] * (layers - 1) + [3 * scale * scale]
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3) for a, b in zip(widths, widths[1:]))
        for index, conv in enumerate(self.convs):
            near_identity(conv, last=index == layers - 1)

    def residual(self, x: torch.Tensor, padded: bool = True) -> torch.Tensor:
        for index, conv in enumerate(self.convs):
            x = F.conv2d(x, conv.weight, conv.bias, padding=1 if padded else 0)
            if index < self.layers - 1:
                x = F.relu(x)
        return F.pixel_shuffle(x, self.scale)

    def forward(self, x: torch.Tensor, padded: bool = True) -> torch.Tensor:
        anchor = x if padded else x[:, :, self.layers : -self.layers, self.layers : -self.layers]
        anchor = F.interpolate(anchor, scale_factor=self.scale, mode="nearest")
        return anchor + self.residual(x, padded).float()


def near_identity(conv: nn.Conv2d, last: bool) -> None:
    """Start from a network that hands its input through: gradients reach every layer at once,
    and the first output is the nearest-neighbour anchor almost unchanged."""
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    nn.init.zeros_(conv.bias)
    with torch.no_grad():
        if last:
            conv.weight.mul_(0.01)
            return
        conv.weight.mul_(0.3)
        for channel in range(conv.out_channels):
            conv.weight[channel, channel % conv.in_channels, 1, 1] += 1.0
