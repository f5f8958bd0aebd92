"""Rows per second of an ONNX graph by Python's ONNX Runtime with IoBinding: FILE DEVICE BATCH ROUNDS SHAPE. Exit code 3: no such provider."""
import statistics
import sys
import time

try:
    import numpy as np
    import onnxruntime as ort
except ImportError:
    sys.exit(3)

file, device, batch, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
shape = [batch] + [int(size) for size in sys.argv[5].split(",")]
kind, _, index = device.partition(":")
wanted = {"cpu": ["CPUExecutionProvider"], "cuda": ["CUDAExecutionProvider"],
          "tensorrt": ["TensorrtExecutionProvider", "CUDAExecutionProvider"]}[kind]
if not set(wanted) <= set(ort.get_available_providers()):
    sys.exit(3)

options = {} if kind == "cpu" else {"device_id": index or "0"}
providers = [(name, dict(options, use_tf32="0") if name.startswith("CUDA") else options) for name in wanted]
session = ort.InferenceSession(file, providers=providers)
if session.get_providers()[0] != wanted[0]:
    sys.exit(3)

rows = np.random.default_rng(2).standard_normal(shape, dtype=np.float32)
binding = session.io_binding()
for output in session.get_outputs():
    binding.bind_output(output.name)


def run():
    binding.bind_cpu_input(session.get_inputs()[0].name, rows)
    session.run_with_iobinding(binding)
    return binding.copy_outputs_to_cpu()


run()
runs = max(1, 256 // batch)
seconds = []
for _ in range(rounds):
    start = time.perf_counter()
    for _ in range(runs):
        run()
    seconds.append(time.perf_counter() - start)
print(batch * runs / statistics.median(seconds))
