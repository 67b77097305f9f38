"""From trained weights to ONNX in float32, pixels in and pixels out.

Every convolution is VALID: a tile of [1, H, W, 3] gives [1, (H-2r)·scale, (W-2r)·scale, 3], where r
is the network's radius, so a tile with r real neighbours on each side gives the very values that
the whole picture gives.

A network of scale 1 has a second input, its strength, by which its residual is multiplied.
"""

import numpy as np
import onnx
from onnx import TensorProto

from .graph import STRENGTH, Graph, add_anchor, add_pixels, add_planes
from .layers import layers_of
from .network import LEVELS


def float_model(network, dtype: str) -> onnx.ModelProto:
    """The float32 network behind a "uint8" entry (0..255) or a "float32" one (0..1)."""
    graph, scale = Graph(), network.scale
    value = add_planes(graph, network.fold)
    if dtype == "uint8":
        value = graph.node("Cast", [value], "levels", to=TensorProto.FLOAT)
    anchor = add_anchor(graph, value, network.layers)
    layers = layers_of(network, levels=dtype == "uint8")
    if network.contrast:
        value = _with_levels(graph, value, 255 if dtype == "uint8" else 1)
    value = _convolved(graph, layers, 0, value)
    for block in range(network.blocks):
        inner = graph.node("Relu", [_convolved(graph, layers, 2 * block + 1, value)], f"relu{block}")
        change = _convolved(graph, layers, 2 * block + 2, inner)
        kept = graph.slice(value, [2, 2], [-2, -2], [2, 3], f"kept{block}")
        value = graph.node("Add", [kept, change], f"trunk{block}")
    value = _convolved(graph, layers, network.layers - 1, value)
    value = _residual(graph, value, network)
    value = graph.node("Add", [value, anchor], "sum")
    if dtype == "uint8":  # with step 1 this is clip, round half to even and cast, in one pass
        levels = [graph.constant("level", 1, np.float32), graph.constant("zero0", 0, np.uint8)]
        value = graph.node("QuantizeLinear", [value, *levels], "clipped")
    else:
        limits = [graph.constant("black", 0, np.float32), graph.constant("white", 1, np.float32)]
        value = graph.node("Clip", [value, *limits], "clipped")
    add_pixels(graph, value, scale * network.fold)
    return graph.model(dtype, f"float32 weights, {dtype} pixels")


def _convolved(graph: Graph, layers: list, index: int, value: str) -> str:
    weight, bias = layers[index]
    names = [graph.constant(f"conv{index}.weight", weight)]
    if bias is not None:
        names.append(graph.constant(f"conv{index}.bias", bias))
    return graph.node("Conv", [value, *names], f"conv{index}", kernel_shape=[3, 3])


def _with_levels(graph: Graph, planes: str, white: float) -> str:
    """`with_levels` of the network, of colours in 0..`white`, in one convolution."""
    weight = np.concatenate([factor * np.eye(3, dtype=np.float32) for factor, _ in LEVELS])[:, :, None, None]
    bias = white * np.repeat([offset for _, offset in LEVELS], 3).astype(np.float32)
    names = [graph.constant("levels.weight", weight), graph.constant("levels.bias", bias)]
    value = graph.node("Conv", [planes, *names], "by_level", kernel_shape=[1, 1])
    limits = [graph.constant("least", 0, np.float32), graph.constant("most", white, np.float32)]
    return graph.node("Clip", [value, *limits], "with_levels")


def _residual(graph: Graph, value: str, network) -> str:
    """What is added to the anchor: of a network of scale 1 as much as its strength says."""
    if network.scale == 1:
        return graph.node("Mul", [value, STRENGTH], "residual")
    return graph.reshape(value, [network.scale**2, 3, 0, 0], "residual")
