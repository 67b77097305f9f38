"""A wider and deeper network that begins as a trained one: function-preserving growth after T. Chen,
I. Goodfellow, J. Shlens, "Net2Net" (2016), except that new channels are not copies."""

import numpy as np
import torch
import torch.nn.functional as F

from .network import PlainSR


def live_channels(network: PlainSR, pictures: torch.Tensor) -> list[np.ndarray]:
    """Of each hidden layer the channels that fire anywhere in `pictures` ([N, 3, H, W] in 0..1)."""
    fired = [np.zeros(conv.out_channels, bool) for conv in list(network.convs)[:-1]]
    for lot in pictures.split(16):
        for conv, seen in zip(network.convs, fired):
            with torch.no_grad():
                lot = F.relu(F.conv2d(lot, conv.weight, conv.bias))
            seen |= (lot.amax((0, 2, 3)) > 0).numpy()
    return [np.flatnonzero(seen) for seen in fired]


def grown(network: PlainSR, channels: int, layers: int, live: list[np.ndarray]) -> PlainSR:
    """A network of `channels` and `layers` (neither fewer than `network` has) that computes what
    `network` does as long as its channels outside `live` stay silent.

    Trained channels come first in each layer. The others start at random, as in a new network, and see
    the trained ones, which take nothing from them yet. New layers hand trained channels through:
    after a ReLU that changes nothing.
    """
    made = PlainSR(network.scale, channels, layers)
    hidden = _spread(network.layers - 1, layers - 1)
    inputs = np.arange(3)
    with torch.no_grad():
        for conv, source in zip(made.convs, [*hidden, network.layers - 1]):
            if source is None:
                outputs, kernel = inputs, torch.zeros(len(inputs), len(inputs), 3, 3)
                kernel[range(len(inputs)), range(len(inputs)), 1, 1] = 1
                bias = torch.zeros(len(inputs))
            else:
                trained = network.convs[source]
                outputs = live[source] if source < len(live) else np.arange(trained.out_channels)
                kernel, bias = trained.weight[outputs][:, inputs], trained.bias[outputs]
            conv.weight[: len(outputs)] = 0
            conv.weight[: len(outputs), : len(inputs)] = kernel
            conv.bias[: len(outputs)] = bias
            inputs = outputs
    return made


def _spread(trained: int, wanted: int) -> list[int | None]:
    """`wanted` hidden layers: the indices of `trained` ones in order, and None, evenly between, for a new one."""
    places: list[int | None] = [None] * wanted
    for index in range(trained):
        places[index * wanted // trained] = index
    return places
