#!/usr/bin/env bash
# The one command for everything: set-up, build, demo, tests, benchmarks, packages. ./build.sh help lists the verbs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Idle OpenMP threads sleep instead of spinning: on few cores they would take the time of those that work.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"

readonly configuration=Release
readonly stack_file=eng/stack.props
readonly apt_packages=(libtorch-dev libopenblas0-pthread libturbojpeg0 cmake g++)
readonly needed_libstdcxx=GLIBCXX_3.4.32
readonly cmvae=artifacts/bin/CrossModalVae.Cli/release/cmvae.dll

say() { printf '%s\n' "$*" >&2; }
fail() { say "build.sh: $*"; exit 2; }

usage() {
  cat <<'EOF'
./build.sh demo [options]   build, then train, export, score, cluster and rank end to end (cmvae demo --help)
./build.sh test [--quick]   build and run every test; --quick leaves out those marked Slow
./build.sh bench [verb...]  build and run the benchmarks against their rivals (bench/README.md)
./build.sh pack             build the NuGet packages into artifacts/packages
./build.sh format           check the format of every source file
./build.sh build            build only; then `dotnet artifacts/bin/CrossModalVae.Cli/release/cmvae.dll --help`
./build.sh reference        retrain the demo recipe and rewrite onnx/demo
./build.sh doctor           say what this machine has and lacks

STACK=nuget|system overrides the choice of stack; ACCELERATOR=cpu|cuda the native engines (default cpu).
EOF
}

# ---- which stack ----

# A version property of Directory.Packages.props.
version_of() { sed -n "s:.*<$1 Condition[^>]*>\([^<]*\)</$1>.*:\1:p" Directory.Packages.props; }

# Whether the machine's package feed restores the genuine packages, all of them, in the versions we name.
feed_has_genuine_packages() {
  local probe ml ort
  ml=$(version_of MicrosoftMLVersion); ort=$(version_of OnnxRuntimeVersion)
  probe=$(mktemp -d)
  cat > "$probe/probe.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="NWaves" Version="[$(version_of NWavesVersion)]" />
    <PackageReference Include="SixLabors.ImageSharp" Version="[$(version_of ImageSharpVersion)]" />
    <PackageReference Include="Microsoft.ML" Version="[$ml]" />
    <PackageReference Include="Microsoft.ML.OnnxTransformer" Version="[$ml]" />
    <PackageReference Include="Microsoft.ML.OnnxRuntime$([ "$accelerator" = cuda ] && echo .Gpu)" Version="[$ort]" />
    <PackageReference Include="TorchSharp-$([ "$accelerator" = cuda ] && echo cuda-linux || echo cpu)" Version="[$(version_of TorchSharpVersion)]" />
  </ItemGroup>
</Project>
EOF
  local rc=0
  dotnet restore "$probe/probe.csproj" > "$probe/log" 2>&1 || rc=$?
  lacking=$(sed -n "s/.*Unable to find package \([A-Za-z0-9.-]*[A-Za-z0-9]\).*/\1/p" "$probe/log" | sort -u | paste -sd' ')
  rm -rf "$probe"
  return $rc
}

# The genuine libtorch is built with a newer C++ library than some systems have; it would restore and then fail to load.
has_recent_libstdcxx() {
  local library
  library=$(ldconfig -p 2> /dev/null | awk '/libstdc\+\+\.so\.6 .*x86-64/ { print $NF; exit }')
  [ -z "$library" ] || grep -q "$needed_libstdcxx" "$library"
}

choose_stack() {
  accelerator=${ACCELERATOR:-cpu}
  case $accelerator in cpu | cuda) ;; *) fail "ACCELERATOR is '$accelerator'; must be cpu or cuda." ;; esac
  local why
  if [ -n "${STACK:-}" ]; then
    case $STACK in nuget | system) ;; *) fail "STACK is '$STACK'; must be nuget or system." ;; esac
    stack=$STACK; why="asked for by STACK"
  elif [ -f "$stack_file" ] && stack=$(sed -n 's:.*<Stack [^>]*>\(.*\)</Stack>.*:\1:p' "$stack_file") && [ -n "$stack" ]; then
    why="remembered in $stack_file"
  elif ! has_recent_libstdcxx; then
    stack=system; why="the genuine libtorch needs $needed_libstdcxx, which this machine's libstdc++ lacks"
  elif feed_has_genuine_packages; then
    stack=nuget; why="the package feed carries the genuine packages"
  else
    stack=system; why="the package feed lacks ${lacking:-the genuine packages}"
  fi
  say "stack: $stack ($why)"
}

remember_stack() {
  cat > "$stack_file.partial" <<EOF
<Project>
  <!-- Written by build.sh; delete it to have the stack chosen anew. -->
  <PropertyGroup>
    <Stack Condition="'\$(Stack)' == ''">$stack</Stack>
    <Accelerator Condition="'\$(Accelerator)' == ''">$accelerator</Accelerator>
  </PropertyGroup>
</Project>
EOF
  mv "$stack_file.partial" "$stack_file"
}

# ---- what the system stack needs ----

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo > /dev/null; then sudo "$@"
  else fail "needs root for: $*. Run it as root, then this again."
  fi
}

install_system_packages() {
  local missing=() package
  for package in "${apt_packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get > /dev/null || fail "the system stack needs ${missing[*]}, and there is no apt-get to install them with."
  say "installing: ${missing[*]}"
  as_root apt-get update -qq > /dev/null || fail "apt-get update failed."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null \
    || fail "apt-get could not install ${missing[*]}."
}

install_node_packages() {
  local marker=eng/node_modules/.installed-lock
  cmp -s eng/package-lock.json "$marker" && return 0
  command -v npm > /dev/null || fail "the system stack needs npm (Node.js) for ONNX Runtime."
  say "installing: ONNX Runtime from the npm package in eng/package.json"
  (cd eng && npm ci --ignore-scripts --silent) || fail "npm ci failed in eng/."
  cp eng/package-lock.json "$marker"
}

set_up() {
  command -v dotnet > /dev/null || fail "needs the .NET SDK named in global.json on the PATH."
  choose_stack
  if [ "$stack" = system ]; then
    install_system_packages
    install_node_packages
  fi
  remember_stack
}

build() {
  set_up
  say "building ($configuration)"
  dotnet build CrossModalVae.sln -c $configuration -p:Stack="$stack" -p:Accelerator="$accelerator" -nologo -v quiet -clp:NoSummary >&2
}

# ---- verbs ----

run_tests() {
  local filter='Category!=Gpu' log
  case "${1:-}" in
    '') ;;
    --quick) filter="$filter&Category!=Slow" ;;
    *) fail "test takes --quick or nothing, not '$1'." ;;
  esac
  build
  log=$(mktemp)
  local rc=0
  dotnet test CrossModalVae.sln -c $configuration -p:Stack="$stack" -p:Accelerator="$accelerator" --no-build --nologo -v quiet --filter "$filter" \
    --logger 'console;verbosity=minimal' 2>&1 | tee "$log" || rc=$?
  # One closing line over all test projects.
  sed -n 's/.*Failed: *\([0-9]*\), Passed: *\([0-9]*\), Skipped: *\([0-9]*\).*/\1 \2 \3/p' "$log" \
    | awk '{ f += $1; p += $2; s += $3 } END { printf "%d passed, %d failed, %d skipped\n", p, f, s }'
  rm -f "$log"
  return $rc
}

check_format() {
  set_up
  # The compat projects are checked with it, by reference; .editorconfig leaves out what comes from npm.
  dotnet format CrossModalVae.sln --verify-no-changes --severity warn --no-restore
}

pack() {
  build
  rm -rf artifacts/packages
  dotnet pack CrossModalVae.sln -c $configuration -p:Stack="$stack" -p:Accelerator="$accelerator" --no-build -o artifacts/packages -nologo -v quiet
  ls artifacts/packages
}

doctor() {
  set_up
  say "dotnet $(dotnet --version), node $(node --version 2> /dev/null || echo none), $(nproc) cores"
  if [ -f "$cmvae" ]; then dotnet "$cmvae" doctor; else say "not built yet: ./build.sh build"; fi
}

verb=${1:-help}
[ $# -gt 0 ] && shift
case $verb in
  demo) build; dotnet "$cmvae" demo "$@" ;;
  test) run_tests "$@" ;;
  bench) build; dotnet artifacts/bin/CrossModalVae.Bench/release/cmvae-bench.dll "$@" ;;
  pack) pack ;;
  format) check_format ;;
  build) build ;;
  reference) build; dotnet "$cmvae" demo --reference onnx/demo "$@" ;;
  doctor) doctor ;;
  help | --help | -h) usage ;;
  *) usage >&2; fail "no verb '$verb'." ;;
esac
