"""From trained weights to ONNX: the float32 network and its int8 form, pixels in and pixels out.

Every convolution is VALID: a tile of [1, H, W, 3] gives [1, (H-2r)·scale, (W-2r)·scale, 3], where r
is the number of layers, so a tile with r real neighbours on each side gives the very values that
the whole picture gives.
"""

import numpy as np
import onnx
from onnx import TensorProto

from .graph import Graph, add_anchor, add_pixels, add_planes
from .layers import layers_of
from .quantize import RESIDUAL_ZERO, QuantisedLayer, QuantisedNetwork

PACK = {"in": 4, "out": 16}  # channel multiples below which ONNX Runtime's int8 kernels are not used


def float_model(network, dtype: str) -> onnx.ModelProto:
    """The float32 network behind a "uint8" entry (0..255) or a "float32" one (0..1)."""
    graph, scale = Graph(), network.scale
    value = add_planes(graph)
    if dtype == "uint8":
        value = graph.node("Cast", [value], "levels", to=TensorProto.FLOAT)
    anchor = add_anchor(graph, value, network.layers)
    for index, (weight, bias) in enumerate(layers_of(network, levels=dtype == "uint8")):
        names = [graph.constant(f"conv{index}.weight", weight), graph.constant(f"conv{index}.bias", bias)]
        value = graph.node("Conv", [value, *names], f"conv{index}", kernel_shape=[3, 3])
        if index < network.layers - 1:
            value = graph.node("Relu", [value], f"relu{index}")
    value = graph.reshape(value, [scale * scale, 3, 0, 0], "residual")
    value = graph.node("Add", [value, anchor], "sum")
    if dtype == "uint8":  # with step 1 this is clip, round half to even and cast, in one pass
        value = graph.node("QuantizeLinear", [value, *_step(graph, "level", 1, 0)], "clipped")
    else:
        limits = [graph.constant("black", 0, np.float32), graph.constant("white", 1, np.float32)]
        value = graph.node("Clip", [value, *limits], "clipped")
    add_pixels(graph, value, scale)
    return graph.model(dtype, f"float32 weights, {dtype} pixels")


def int8_model(network: QuantisedNetwork) -> onnx.ModelProto:
    """The int8 network behind a "uint8" entry, in the QDQ form of which ONNX Runtime makes one
    QLinearConv a layer and one QLinearAdd: no float value is ever stored."""
    graph, scale, last = Graph(), network.scale, len(network.layers) - 1
    planes, level = add_planes(graph), _step(graph, "level", 1, 0)
    pads = graph.constant("pads", [0, 0, 0, 0, 0, PACK["in"] - 3, 0, 0], np.int64)
    value, step = graph.node("Pad", [planes, pads], "packed"), level
    for index, layer in enumerate(network.layers):
        value = graph.node("DequantizeLinear", [value, *step], f"input{index}")
        weights = _weights(graph, index, _packed(layer, first=index == 0))
        value = graph.node("Conv", [value, *weights], f"conv{index}", kernel_shape=[3, 3])
        if index < last:
            value = graph.node("Relu", [value], f"relu{index}")
        step = _step(graph, f"step{index}", layer.output_scale, RESIDUAL_ZERO if index == last else 0)
        value = graph.node("QuantizeLinear", [value, *step], f"output{index}")
    if len(network.layers[-1].bias) % PACK["out"]:
        value = graph.slice(value, [0], [3 * scale * scale], [1], "kept")
    residual = graph.reshape(value, [scale * scale, 3, 0, 0], "residual")
    terms = [
        graph.node("DequantizeLinear", [residual, *step], "residual_levels"),
        graph.node("DequantizeLinear", [add_anchor(graph, planes, last + 1), *level], "anchor_levels"),
    ]
    value = graph.node("QuantizeLinear", [graph.node("Add", terms, "sum"), *level], "clipped")
    add_pixels(graph, value, scale)
    return graph.model("uint8", "int8 weights and uint8 activations, uint8 pixels")


def _step(graph: Graph, name: str, scale: float, zero: int) -> list[str]:
    return [graph.constant(name, scale, np.float32), graph.constant(f"zero{zero}", zero, np.uint8)]


def _packed(layer: QuantisedLayer, first: bool) -> QuantisedLayer:
    """`layer` with channels of zeros up to the multiples of PACK: the picture's fourth, and those
    that a last layer of few outputs lacks."""
    outputs = -len(layer.bias) % PACK["out"]
    inputs = PACK["in"] - 3 if first else 0
    return QuantisedLayer(
        np.pad(layer.weight, ((0, outputs), (0, inputs), (0, 0), (0, 0))),
        np.pad(layer.weight_scale, (0, outputs), constant_values=1),
        np.pad(layer.bias, (0, outputs)),
        layer.input_scale,
        layer.output_scale,
    )


def _weights(graph: Graph, index: int, layer: QuantisedLayer) -> list[str]:
    """Weight and bias as they are stored (int8, int32) and what stands for their float values."""
    found = []
    for name, value, scale in (
        (f"conv{index}.weight", layer.weight, layer.weight_scale),
        (f"conv{index}.bias", layer.bias, layer.input_scale * layer.weight_scale),
    ):
        stored = [graph.constant(name, value), graph.constant(f"{name}.scale", scale, np.float32)]
        found.append(graph.node("DequantizeLinear", stored, f"{name}.value", axis=0))
    return found
