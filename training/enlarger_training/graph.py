"""ONNX graphs written node by node, and the parts that every file has."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, checker, helper, numpy_helper

OPSET, IR_VERSION = 17, 8  # every ONNX Runtime since 1.12 reads these
INPUT, STRENGTH, OUTPUT = "image", "strength", "enlarged"
DTYPES = {"uint8": TensorProto.UINT8, "float32": TensorProto.FLOAT}


class Graph:
    """Nodes and initialisers as they are written, in order."""

    def __init__(self):
        self.nodes, self.initialisers = [], {}

    def constant(self, name: str, value, dtype=None) -> str:
        """The name of an initialiser; one that several nodes share is stored once."""
        self.initialisers.setdefault(name, numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def reshape(self, value: str, shape: list[int], output: str) -> str:
        """0 keeps the dimension that stands at the same place; -1 is worked out."""
        return self.node("Reshape", [value, self.constant(f"{output}.shape", shape, np.int64)], output)

    def slice(self, value: str, starts: list[int], ends: list[int], axes: list[int], output: str) -> str:
        limits = {"starts": starts, "ends": ends, "axes": axes}
        names = [self.constant(f"{output}.{key}", limit, np.int64) for key, limit in limits.items()]
        return self.node("Slice", [value, *names], output)

    def model(self, dtype: str, title: str) -> onnx.ModelProto:
        """The checked model, `INPUT` [1, height, width, 3] to `OUTPUT`, both of `dtype`. Where a node reads
        `STRENGTH` [1], it is an input too: float32, 0..1."""
        inputs = [helper.make_tensor_value_info(INPUT, DTYPES[dtype], [1, "height", "width", 3])]
        if any(STRENGTH in node.input for node in self.nodes):
            inputs.append(helper.make_tensor_value_info(STRENGTH, TensorProto.FLOAT, [1]))
        enlarged = helper.make_tensor_value_info(OUTPUT, DTYPES[dtype], [1, "out_height", "out_width", 3])
        graph = helper.make_graph(
            self.nodes, "enlarger", inputs, [enlarged], list(self.initialisers.values()), title
        )
        opset = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION, producer_name="enlarger")
        checker.check_model(model, full_check=True)
        return model


def add_planes(graph: Graph, fold: int) -> str:
    """`INPUT` as [1, 3, H, W]; with a fold of 2 as [1, 12, H/2, W/2] in the order (dy, dx, colour)."""
    if fold == 1:
        return graph.node("Transpose", [INPUT], "planes", perm=[0, 3, 1, 2])
    value = graph.reshape(INPUT, [0, 0, -1, 3 * fold], "pixel_rows")
    value = graph.reshape(value, [-1, fold, 0, 3 * fold], "squares")  # h, dy, w, (dx, colour)
    value = graph.node("Transpose", [value], "by_place", perm=[1, 3, 0, 2])
    return graph.reshape(value, [1, 3 * fold * fold, 0, 0], "planes")


def add_anchor(graph: Graph, planes: str, radius: int) -> str:
    """[1, C, h, w]: the picture less `radius` positions on each side. Added to each of the scale² planes
    of the residual [scale², C, h, w], it is the nearest-neighbour enlargement."""
    return graph.slice(planes, [radius, radius], [-radius, -radius], [2, 3], "anchor")


def add_pixels(graph: Graph, planes: str, scale: int) -> None:
    """[scale², 3, h, w] to `OUTPUT` [1, h·scale, w·scale, 3]: what DepthToSpace and a transposition
    do, in fewer and longer moves (the last one moves whole rows of the picture)."""
    value = graph.reshape(planes, [scale, 3 * scale, 0, 0], "rows")  # dy, (dx, colour), h, w
    value = graph.node("Transpose", [value], "by_row", perm=[0, 2, 3, 1])
    value = graph.reshape(value, [0, 0, -1], "joined")
    value = graph.node("Transpose", [value], "interleaved", perm=[1, 0, 2])
    value = graph.reshape(value, [0, 0, -1, 3], "pixels")
    graph.reshape(value, [1, -1, 0, 3], OUTPUT)


def save(model: onnx.ModelProto, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString(deterministic=True))
