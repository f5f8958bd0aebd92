#!/usr/bin/env bash
# What to run on a machine with an NVIDIA GPU and a Python with PyTorch: whether its libtorch fits TorchSharp, whether training on the GPU
# agrees with the CPU, and steps per second against PyTorch; then scoring: what lacks, the device that is taken, how far it is from the
# CPU (float32: at most 1e-3), and rows per second at batch 1 to 4096 in float32, float16 and int8, against Python's ONNX Runtime where it
# has the provider (pip install onnxruntime-gpu). It needs no .NET there:
#   for p in src/CrossModalVae.Cli bench/CrossModalVae.Bench; do
#     dotnet publish $p -c Release -r linux-x64 --self-contained -p:Accelerator=cuda -p:Libtorch=external -o app
#   done
#   cp -r pipelines app/
# then, on the machine, `bench/gpu.sh app`. Prints to standard output; a few minutes. `bench/gpu.sh app scoring` is the part of scoring,
# which `DEVICE=cpu` tries on a machine without a GPU.
set -euo pipefail
app=$(realpath "${1:?usage: gpu.sh FOLDER (of the published programs) [scoring]}")
part=${2:-all}
device=${DEVICE:-tensorrt,cuda}

scoring() {
  "$app/cmvae" doctor
  for precisions in float32,float16 int8; do
    # int8's activations have zeros of their own, which TensorRT does not take.
    local on=$device
    [ "$precisions" != int8 ] || on=${device#tensorrt,}
    (cd "$app" && ./cmvae-bench device --device "$on" --precisions "$precisions" --batches "${BATCHES:-1,16,256,1024,4096}" --python python3)
  done
  (cd "$app" && ./cmvae-bench scoring --device "${device##*,}")
}

if [ "$part" = scoring ]; then
  # Wheels of NVIDIA's and PyTorch's carry CUDA 13 and cuDNN 9.
  LD_LIBRARY_PATH=$(python3 -c 'import glob, site; print(":".join(p for s in site.getsitepackages() for p in glob.glob(s + "/nvidia/*/lib")))'):${LD_LIBRARY_PATH:-}
  export LD_LIBRARY_PATH
  scoring
  exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CMVAE_LIBTORCH=${CMVAE_LIBTORCH:-$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))')}
export CMVAE_LIBTORCH

nvidia-smi --query-gpu=name,driver_version --format=csv,noheader
"$app/cmvae" doctor

symbols() { nm -D "--$1-only" "${@:2}" 2> /dev/null | awk 'NF > 1 { print $NF }' | grep -v @GLIBC | sed 's/@.*//' | sort -u; }
echo "symbols that TorchSharp needs and this libtorch lacks:"
comm -23 <(symbols undefined "$app/libLibTorchSharp.so" | grep -E '^_ZN?K?(2at|3c10|5torch)') <(symbols defined "$CMVAE_LIBTORCH"/lib{c10,torch}*.so) || true

"$app/cmvae" corpus synth --identities 200 --out "$work/corpus" > "$work/log" 2>&1
for recipe in demo mvae best-scratch; do
  for device in cpu cuda:0; do
    "$app/cmvae" train --manifest "$work/corpus/manifest.jsonl" --recipe $recipe --epochs 1 --device $device --out "$work/$recipe-${device%:0}" \
      > "$work/log" 2>&1 || { tail -n 1 "$work/log"; exit 1; }
  done
  python3 - "$work" $recipe <<'P'
import json, sys

def numbers(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers(inner)
    elif isinstance(value, float):
        yield value

cpu, gpu = (json.loads(open(f"{sys.argv[1]}/{sys.argv[2]}-{device}/log.jsonl").readline()) for device in ("cpu", "cuda"))
pairs = [pair for split in ("train", "validation") for pair in zip(numbers(cpu[split]), numbers(gpu[split]), strict=True)]
largest = max(abs(a - b) / max(abs(a), 1e-6) for a, b in pairs)
print(f"{sys.argv[2]}: {len(pairs)} losses of an epoch, CPU and GPU: largest relative difference {largest:.1e}")
P
done
"$app/cmvae-bench" training --device cuda:0 --models mlp,cnn,resnet --batches 64,256 --pairs 3 --seconds 2 --python python3
"$app/cmvae-bench" training --device cuda:0 --precision bfloat16 --models cnn,resnet --batches 64,256 --pairs 3 --seconds 2 --python python3
"$0" "$app" scoring
