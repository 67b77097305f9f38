"""A trained network as plain arrays, in the order and units that the exported graphs use."""

import numpy as np
import torch


def pixel_order(scale: int) -> np.ndarray:
    """Channels that hold scale×scale pixels are trained in the order (colour, dy, dx) of torch's
    pixel_shuffle and exported as (dy, dx, colour): the anchor is then added along whole planes, and what
    becomes a row of pixels lies together."""
    return np.arange(3 * scale * scale).reshape(3, scale, scale).transpose(1, 2, 0).ravel()


def folded(planes: torch.Tensor, fold: int) -> torch.Tensor:
    """[N, C, H, W] to [N, fold²·C, H/fold, W/fold] in the exported order (dy, dx, colour)."""
    count, colours, height, width = planes.shape
    split = planes.reshape(count, colours, height // fold, fold, width // fold, fold)
    return split.permute(0, 3, 5, 1, 2, 4).reshape(count, -1, height // fold, width // fold)


def layers_of(network, levels: bool) -> list[tuple[np.ndarray, np.ndarray | None]]:
    """(weight [out, in, 3, 3], bias [out] or none) of each layer, float32, pixels in exported order.

    With `levels` the network takes and gives 0..255 rather than 0..1: the factors are in the first
    and last weights, so that no pass over the pixels is spent on them."""
    weights = [network.first_kernel(), *(conv.weight for conv in network.convs[1:])]
    weights = [weight.detach().cpu().numpy() for weight in weights]
    biases = [network.bias(index) for index in range(network.layers)]
    biases = [None if bias is None else bias.detach().cpu().numpy() for bias in biases]
    order, unit = pixel_order(network.scale * network.fold), np.float32(255 if levels else 1)
    weights[-1] = weights[-1][order] * unit
    if biases[-1] is not None:
        biases[-1] = biases[-1][order] * unit
    if network.fold > 1:
        weights[0] = weights[0][:, pixel_order(network.fold)]
    weights[0] = weights[0] / unit
    array = lambda values: None if values is None else np.ascontiguousarray(values, np.float32)
    return [(array(weight), array(bias)) for weight, bias in zip(weights, biases)]
