"""Makes mlp-*.onnx beside this script and mlp-golden.json: small encoders under the names of the exported graphs, with the results that
numpy computes for them. Debian's python3-onnx 1.12 and numpy 1.24; run with that python. Regenerate only with a reason."""

import json
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))


def mlp(seed, prefix, sizes, dimension, leading="batch", scale=1.0):
    """features [B, F] -> relu layers -> mean and log-variance [B, D]; the weights of a seed."""
    rng = np.random.default_rng(seed)
    weights = []
    nodes, initializers, current = [], [], f"{prefix}_features"
    for i, (n_in, n_out) in enumerate(zip(sizes[:-1], sizes[1:])):
        w = (rng.standard_normal((n_in, n_out)) / np.sqrt(n_in) * (scale if i == 0 else 1)).astype(np.float32)
        b = rng.standard_normal(n_out).astype(np.float32) * np.float32(0.1)
        weights.append((w, b))
        initializers += [numpy_helper.from_array(w, f"w{i}"), numpy_helper.from_array(b, f"b{i}")]
        nodes += [helper.make_node("Gemm", [current, f"w{i}", f"b{i}"], [f"a{i}"]), helper.make_node("Relu", [f"a{i}"], [f"h{i}"])]
        current = f"h{i}"
    heads = []
    for name in ("mean", "log_variance"):
        w = (rng.standard_normal((sizes[-1], dimension)) / np.sqrt(sizes[-1])).astype(np.float32)
        b = rng.standard_normal(dimension).astype(np.float32) * np.float32(0.1)
        heads.append((w, b))
        initializers += [numpy_helper.from_array(w, f"w_{name}"), numpy_helper.from_array(b, f"b_{name}")]
        nodes.append(helper.make_node("Gemm", [current, f"w_{name}", f"b_{name}"], [f"{prefix}_{name}"]))
    graph = helper.make_graph(
        nodes,
        "mlp",
        [helper.make_tensor_value_info(f"{prefix}_features", TensorProto.FLOAT, [leading, sizes[0]])],
        [helper.make_tensor_value_info(f"{prefix}_{name}", TensorProto.FLOAT, [leading, dimension]) for name in ("mean", "log_variance")],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="make_mlp.py")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model, weights, heads


def forward(x, weights, heads):
    for w, b in weights:
        x = np.maximum(x @ w + b, 0)
    return [x @ w + b for w, b in heads]


def main():
    golden = {}
    for prefix, seed, features in (("voice", 1, 6), ("face", 2, 5)):
        model, weights, heads = mlp(seed, prefix, [features, 8], 4)
        onnx.save(model, os.path.join(HERE, f"mlp-{prefix}.onnx"))
        x = np.random.default_rng(seed + 10).standard_normal((7, features)).astype(np.float32)
        mean, log_variance = forward(x, weights, heads)
        golden[prefix] = {"features": x.tolist(), "mean": mean.tolist(), "log_variance": log_variance.tolist()}
    fixed, _, _ = mlp(3, "voice", [6, 8], 4, leading=1)
    onnx.save(fixed, os.path.join(HERE, "mlp-fixed-batch.onnx"))
    with open(os.path.join(HERE, "mlp-golden.json"), "w") as f:
        json.dump(golden, f, indent=1)
        f.write("\n")
    # The report's input sizes, for the pipelines that ML.NET can save: their vectors have constant lengths. One narrow layer keeps them small;
    # the scale stands in for the training statistics (voice features are magnitudes of 16-bit sound).
    for prefix, seed, features, scale in (("voice", 4, 512, 1e-4), ("face", 5, 529, 1)):
        model, _, _ = mlp(seed, prefix, [features, 4], 100, scale=scale)
        onnx.save(model, os.path.join(HERE, f"report-{prefix}.onnx"))


if __name__ == "__main__":
    main()
