#!/bin/sh
# Builds libtorch_boxed into $1 (with the libtorch in folder $2, else the system's). MSBuild calls this; by hand use cmake as CMakeLists.txt says.
# What it prints on failure is one sentence for the user, the whole log stays in $1/build.log.
set -e
source=$(cd "$(dirname "$0")" && pwd)
build=$1
root=$2
for tool in cmake c++; do
  command -v "$tool" > /dev/null || { echo "'$tool' was not found; run: apt-get install cmake g++ libtorch-dev libopenblas0-pthread"; exit 1; }
done
mkdir -p "$build"
exec 9> "$build/lock"
if command -v flock > /dev/null; then flock 9; fi # builds side by side
{
  cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release -DTORCH_ROOT="$root" && cmake --build "$build" && touch "$build/libtorch_boxed.so"
} > "$build/build.log" 2>&1 || {
  if grep -q "libtorch was not found" "$build/build.log"; then
    echo "libtorch was not found; run: apt-get install libtorch-dev libopenblas0-pthread cmake g++ (or build with -p:TorchRoot=FOLDER, which holds libtorch's include and lib)"
  else
    echo "cmake failed; its log is $build/build.log: $(grep -m1 -i error "$build/build.log")"
  fi
  exit 1
}
