"""The small graphs of the MicrosoftML and OnnxRuntime tests. Made with onnx 1.12, opset 13; run it in this folder to make them again."""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def save(name, nodes, inputs, outputs, initializers=(), metadata=None):
    graph = helper.make_graph(nodes, name, inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7, producer_name="make-graphs.py")
    if metadata:
        helper.set_model_props(model, metadata)
    onnx.checker.check_model(model)
    onnx.save(model, name + ".onnx")


def value(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


# scores = features W + b, twice = 2 scores; an open batch axis.
weights = numpy_helper.from_array(np.array([[1, 0], [0, 2], [3, -1]], np.float32), "W")
bias = numpy_helper.from_array(np.array([0.5, -0.25], np.float32), "b")
save("affine",
     [helper.make_node("Gemm", ["features", "W", "b"], ["scores"]), helper.make_node("Add", ["scores", "scores"], ["twice"])],
     [value("features", ["batch", 3])],
     [value("scores", ["batch", 2]), value("twice", ["batch", 2])],
     [weights, bias], {"purpose": "test"})

# total = the sum over an axis of open length.
save("total",
     [helper.make_node("ReduceSum", ["values", "axes"], ["total"], keepdims=1)],
     [value("values", ["batch", "length"])],
     [value("total", ["batch", 1])],
     [numpy_helper.from_array(np.array([1], np.int64), "axes")])

# echoed = values, of open length as well.
save("echo", [helper.make_node("Identity", ["values"], ["echoed"])], [value("values", ["batch", "length"])], [value("echoed", ["batch", "length"])])

# Two inputs, one of them text; and a tensor of 64-bit integers.
save("mixed",
     [helper.make_node("Identity", ["name"], ["name.output"]), helper.make_node("Add", ["count", "count"], ["doubled"])],
     [value("name", ["batch", 1], TensorProto.STRING), value("count", ["batch", 1], TensorProto.INT64)],
     [value("name.output", ["batch", 1], TensorProto.STRING), value("doubled", ["batch", 1], TensorProto.INT64)])
