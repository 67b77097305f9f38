"""The network: residual blocks of two 3×3 convolutions on one trunk, which predicts what nearest-neighbour
enlargement lacks. Nothing in it is slow on any runtime, everything in it quantises to int8."""

import torch
import torch.nn.functional as F
from torch import nn

# What every colour becomes, each factor·x + offset cut off at 0 and 1: itself, how near it is to white and to black, where
# overshoot would be cut off, and three steps of brightness between them.
LEVELS = ((1, 0), (10, -9), (-10, 1), (-2, 1), (-4, 1), (4, -3))


class ResidualSR(nn.Module):
    """`blocks` residual blocks (convolution, ReLU, convolution) of `channels` between two more convolutions, as in
    B. Lim and others, "Enhanced Deep Residual Networks for Single Image Super-Resolution" (2017); no ReLU on the trunk.

    x: float [N, 3, H, W] in 0..1. Returns float [N, 3, H·scale, W·scale], unclamped. With `fold` 2 the
    convolutions see squares of 2×2 pixels as positions of twelve channels (K. Zhang and others, "FFDNet",
    2018): a quarter of the arithmetic and twice the reach; H and W are then even.

    With `contrast` it sees differences alone: each kernel of the first convolution sums to zero over every plane of
    colour, and the last convolution's bias is not learnt but takes back what the others make of a flat place. That then
    comes back exactly as it was, whatever its colour. At which brightness a difference lies is told by the planes of
    `with_levels`, of which those that are flat there say nothing.

    Without `biases`, too, a slope of a thousandth of a level is treated as one of ten levels is (S. Mohan and others,
    "Robust and Interpretable Blind Image Denoising via Bias-Free Convolutional Neural Networks", 2020), and how large
    a difference is makes no difference to what is done with it.

    The receptive radius is (2·blocks + 2)·fold pixels of the input. With padded=False the convolutions are VALID
    and the result covers the input less the radius on each side, which is the form that is exported.
    While gradients are taken, `means` holds the mean of each convolution's input by channel.
    """

    def __init__(
        self, scale: int, channels: int, blocks: int, fold: int = 1, contrast: bool = False, biases: bool = True
    ):
        super().__init__()
        self.scale, self.channels, self.blocks, self.fold = scale, channels, blocks, fold
        self.contrast = contrast
        if contrast and fold > 1:
            raise ValueError("a network that sees differences alone cannot fold pixels: nobody has needed it yet")
        self.layers = 2 * blocks + 2
        self.means: dict[int, torch.Tensor] = {}
        self.radius = self.layers * fold
        widths = [3 * (len(LEVELS) if contrast else fold**2)] + [channels] * (self.layers - 1) + [3 * (scale * fold) ** 2]
        self.convs = nn.ModuleList(
            nn.Conv2d(a, b, 3, bias=biases and not (contrast and index == self.layers - 1))
            for index, (a, b) in enumerate(zip(widths, widths[1:]))
        )
        for index, conv in enumerate(self.convs):
            begin(conv, self._share(index))

    def _share(self, index: int) -> float:
        """Of a usual start's weights: what ends a block begins small, the result smaller yet."""
        if index == self.layers - 1:
            return 0.03
        return 0.1 if index and index % 2 == 0 else 1

    def residual(self, x: torch.Tensor, padded: bool = True) -> torch.Tensor:
        padding = 1 if padded else 0

        def convolved(index: int, x: torch.Tensor) -> torch.Tensor:
            if torch.is_grad_enabled():
                self.means[index] = x.detach().float().mean((0, 2, 3))
            return F.conv2d(x, self.convs[index].weight, self.bias(index), padding=padding)

        if self.contrast:
            if padded:  # no edge there that is not in the picture
                x = F.pad(x, [1] * 4, mode="replicate")
            x = F.conv2d(with_levels(x), self.first_kernel(), self.convs[0].bias)
        else:
            x = convolved(0, F.pixel_unshuffle(x, self.fold) if self.fold > 1 else x)
        for block in range(self.blocks):
            change = convolved(2 * block + 2, F.relu(convolved(2 * block + 1, x)))
            x = (x if padded else x[:, :, 2:-2, 2:-2]) + change
        return F.pixel_shuffle(convolved(self.layers - 1, x), self.scale * self.fold)

    def first_kernel(self) -> torch.Tensor:
        """The first convolution's weight; with `contrast` less its mean over each plane of colour."""
        weight = self.convs[0].weight
        if not self.contrast:
            return weight
        return weight - weight.mean((2, 3), keepdim=True)

    def bias(self, index: int) -> torch.Tensor | None:
        """Of a convolution; with `contrast` the last one's is what makes nothing of a flat place."""
        if not self.contrast or index < self.layers - 1 or self.convs[0].bias is None:
            return self.convs[index].bias
        sums = [conv.weight.sum((2, 3)) for conv in self.convs]
        flat = self.convs[0].bias
        for block in range(self.blocks):
            first, second = 2 * block + 1, 2 * block + 2
            inner = F.relu(sums[first] @ flat + self.convs[first].bias)
            flat = flat + sums[second] @ inner + self.convs[second].bias
        return -(sums[-1] @ flat)

    def forward(self, x: torch.Tensor, padded: bool = True) -> torch.Tensor:
        cut = 0 if padded else self.radius
        anchor = x[:, :, cut : x.shape[2] - cut, cut : x.shape[3] - cut]
        if self.scale > 1:
            anchor = F.interpolate(anchor, scale_factor=self.scale, mode="nearest")
        return anchor + self.residual(x, padded).float()


def with_levels(x: torch.Tensor) -> torch.Tensor:
    """[N, 3, H, W] in 0..1 to [N, 18, H, W]: the planes of LEVELS one after the other, each of three colours."""
    return torch.cat([(factor * x + offset).clamp(0, 1) for factor, offset in LEVELS], 1)


def begin(conv: nn.Conv2d, share: float) -> None:
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    if conv.bias is not None:
        nn.init.zeros_(conv.bias)
    with torch.no_grad():
        conv.weight.mul_(share)
