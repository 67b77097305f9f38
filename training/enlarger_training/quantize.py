"""The int8 form of a trained network as arrays, and the arithmetic that the exported graph does.

Activations are uint8 per tensor, zero point 0 (they follow a ReLU, which the clamp at 0 is);
weights are int8 per output channel, symmetric; biases are int32. The picture itself is the first
quantised tensor, in steps of one level, so nothing is lost there. The last tensor, the residual,
spans -128..127 steps of about one level: with a step of exactly one, adding it to the
nearest-neighbour anchor rounds nothing.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F

from .layers import layers_of
from .measure import reflect_padded

RESIDUAL_ZERO = 128


@dataclass(frozen=True)
class QuantisedLayer:
    weight: np.ndarray  # int8 [out, in, 3, 3]
    weight_scale: np.ndarray  # float32 [out]
    bias: np.ndarray  # int32 [out], in steps of input_scale · weight_scale
    input_scale: np.float32  # of one step of the input; levels (1/255) for the first layer
    output_scale: np.float32

    def sums(self, x: torch.Tensor) -> torch.Tensor:
        """What the int32 accumulators hold, as floats: below 2^24, hence exact."""
        return F.conv2d(x, torch.from_numpy(self.weight).float(), torch.from_numpy(self.bias).float())

    def run(self, x: torch.Tensor, zero: int = 0) -> torch.Tensor:
        """Steps in, steps out: [1, in, H, W] to [1, out, H-2, W-2], whole numbers 0..255."""
        factor = torch.from_numpy(self.input_scale * self.weight_scale / self.output_scale)
        return self.sums(x).mul_(factor.view(1, -1, 1, 1)).round_().add_(zero).clamp_(0, 255)


@dataclass(frozen=True)
class QuantisedNetwork:
    scale: int
    layers: tuple[QuantisedLayer, ...]  # the last in pixel order

    def enlarge(self, image: np.ndarray) -> np.ndarray:
        """H×W×3 uint8 to (H·scale)×(W·scale)×3, with reflected borders."""
        radius, s = len(self.layers), self.scale
        padded = reflect_padded(image, radius).transpose(2, 0, 1)[None].astype(np.float32)
        x = torch.from_numpy(padded)
        for layer in self.layers[:-1]:
            x = layer.run(x)
        residual = self.layers[-1].run(x, RESIDUAL_ZERO).sub_(RESIDUAL_ZERO).numpy()
        residual = residual * self.layers[-1].output_scale
        planes = residual.reshape(s, s, 3, *image.shape[:2]) + image.transpose(2, 0, 1)
        levels = np.clip(np.rint(planes), 0, 255).astype(np.uint8)
        return levels.transpose(3, 0, 4, 1, 2).reshape(image.shape[0] * s, image.shape[1] * s, 3)

    def with_residual_step(self, levels: float) -> "QuantisedNetwork":
        last = replace(self.layers[-1], output_scale=np.float32(levels))
        return replace(self, layers=(*self.layers[:-1], last))


def quantised_layer(weight: np.ndarray, bias: np.ndarray, step_in: float, step_out: float) -> QuantisedLayer:
    """Float weights and bias rounded to int8 and int32, each output channel in its own steps."""
    scale = np.maximum(np.abs(weight).max(axis=(1, 2, 3)) / 127, 1e-12).astype(np.float32)
    whole = np.clip(np.rint(weight / scale[:, None, None, None]), -127, 127).astype(np.int8)
    step_in, step_out = np.float32(step_in), np.float32(step_out)
    return QuantisedLayer(whole, scale, np.rint(bias / (step_in * scale)).astype(np.int32), step_in, step_out)


def quantised(network, largest: list[float]) -> QuantisedNetwork:
    """`network` with its hidden activations of 0..largest[i] spread over 0..255."""
    steps = [1.0, *(value / 255 for value in largest), 1.0]
    layers = [quantised_layer(*pair, *ends) for pair, *ends in zip(layers_of(network, True), steps, steps[1:])]
    return QuantisedNetwork(network.scale, tuple(layers))


def bias_corrected(quantised_network: QuantisedNetwork, network, pictures: torch.Tensor) -> QuantisedNetwork:
    """Each bias shifted so that each channel's mean over `pictures` ([N, 3, H, W] in 0..1) is the float
    network's again (Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias
    Correction", 2019), layer by layer, each seeing the corrected ones before it."""
    exact, whole, layers = pictures * 255, (pictures * 255).round(), []
    for layer, (weight, bias) in zip(quantised_network.layers, layers_of(network, True)):
        exact = F.conv2d(exact, torch.from_numpy(weight), torch.from_numpy(bias))
        step = layer.input_scale * layer.weight_scale
        error = exact.mean((0, 2, 3)).numpy() / step - layer.sums(whole).mean((0, 2, 3)).numpy()
        layer = replace(layer, bias=layer.bias + np.rint(error).astype(np.int32))
        layers.append(layer)
        exact, whole = F.relu(exact), layer.run(whole)
    return replace(quantised_network, layers=tuple(layers))
