#!/usr/bin/env bash
# The one command for everything: build, demo, tests, benchmarks, packages. ./build.sh help lists the verbs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

readonly configuration=Release
readonly cmvae=artifacts/bin/CrossModalVae.Cli/release/cmvae.dll
readonly bench=artifacts/bin/CrossModalVae.Bench/release/cmvae-bench.dll
readonly weak_torch=artifacts/obj/CrossModalVae.Cli/release/libLibTorchSharp.so
readonly accelerator=${ACCELERATOR:-cpu}
readonly libtorch=${LIBTORCH:-package}
readonly engines=(-p:Accelerator="$accelerator" -p:Libtorch="$libtorch")
# Oracles of the tests, and the browser that they drive: without them those tests skip, in CI they fail.
readonly test_packages=(python3-numpy python3-scipy python3-sklearn python3-torchaudio python3-jsonschema python3-onnx ffmpeg chromium)

say() { printf '%s\n' "$*" >&2; }
fail() { say "build.sh: $*"; exit 2; }

usage() {
  cat <<'EOF'
./build.sh demo [options]   build, then train, export, score, cluster and rank end to end (cmvae demo --help)
./build.sh test [options]   build and run every test; --quick leaves out those marked Slow,
                            --coverage writes artifacts/coverage (index.html, Summary.txt)
./build.sh bench [verb...]  build and run the benchmarks against their rivals (bench/README.md)
./build.sh pack             build the NuGet packages and the tool into artifacts/packages
./build.sh docs             build the site of docs/ and the API reference into artifacts/site
./build.sh format           check the format of every source file
./build.sh api              record the libraries' public API anew (src/*/PublicAPI.Unshipped.txt)
./build.sh build            build only; then `dotnet artifacts/bin/CrossModalVae.Cli/release/cmvae.dll --help`
./build.sh reference        retrain the demo recipe and rewrite onnx/demo
./build.sh doctor           say what this machine has and lacks

ACCELERATOR=cpu|cuda chooses the native engines (default cpu); with LIBTORCH=external the programs carry no libtorch
and load the one in the folder that CMVAE_LIBTORCH names.
EOF
}

# Arguments: Debian packages, installed where apt-get and its rights are there.
install_packages() {
  local missing=() package
  command -v apt-get > /dev/null && [ "$(id -u)" = 0 ] || return 0
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing: ${missing[*]}"
  apt-get update -qq > /dev/null || fail "apt-get update failed."
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null \
    || fail "apt-get could not install ${missing[*]}."
}

set_up() {
  command -v dotnet > /dev/null || fail "needs the .NET SDK named in global.json on the PATH."
  case $accelerator in cpu | cuda) ;; *) fail "ACCELERATOR is '$accelerator'; must be cpu or cuda." ;; esac
  case $libtorch in package | external) ;; *) fail "LIBTORCH is '$libtorch'; must be package or external." ;; esac
  # The page of 'cmvae explore' is built with npm; who runs the program needs none.
  command -v npm > /dev/null || install_packages nodejs npm
  command -v npm > /dev/null || fail "needs Node.js 18 or later with npm on the PATH, for the page of 'cmvae explore'."
}

# One sentence for a package that the feeds lack, instead of a page. Arguments: further options of MSBuild.
restore() {
  local log package
  log=$(mktemp)
  if ! dotnet restore CrossModalVae.sln "${engines[@]}" "$@" -nologo -v quiet > "$log" 2>&1; then
    package=$(sed -n 's/.*error NU110[1-3]: Unable to find .*package \([A-Za-z0-9.-]*[A-Za-z0-9]\).*/\1/p' "$log" | sort -u | paste -sd' ')
    [ -n "$package" ] || { cat "$log" >&2; rm -f "$log"; fail "the restore failed."; }
    rm -f "$log"
    fail "the package feeds of this machine do not serve ${package}, which ACCELERATOR=$accelerator needs."
  fi
  rm -f "$log"
}

# Arguments: further options of MSBuild.
build() {
  set_up
  restore "$@"
  say "building ($configuration, $accelerator)"
  dotnet build CrossModalVae.sln -c $configuration "${engines[@]}" "$@" --no-restore -nologo -v quiet -clp:NoSummary >&2
  if [ -f "$weak_torch" ]; then
    say "note: TorchSharp's native library was adapted to this machine's older C++ library, in the output only (docs/development.md, Debian 12)"
  fi
}

# ---- verbs ----

install_test_packages() {
  if [ "$(id -u)" != 0 ]; then
    say "not root: tests skip where one of these is not installed: ${test_packages[*]}"
    return 0
  fi
  install_packages "${test_packages[@]}"
}

run_tests() {
  # A test host that crashes says which tests it ran.
  local filter='Category!=Gpu' log option properties=() collect=(--blame --results-directory artifacts/test-results) rc=0
  for option in "$@"; do
    case $option in
      --quick) filter="$filter&Category!=Slow" ;;
      --coverage)
        # The collector rewrites assemblies where they lie: an output of its own, in which no two test projects share a file by hard links.
        properties=(-p:ArtifactsPath="$PWD/artifacts/coverage-build" -p:CreateHardLinksForCopyLocalIfPossible=false)
        collect=(--collect 'XPlat Code Coverage' --settings eng/coverage.runsettings --results-directory artifacts/coverage/raw)
        ;;
      *) fail "test takes --quick and --coverage, not '$option'." ;;
    esac
  done
  install_test_packages
  build "${properties[@]}"
  rm -rf artifacts/coverage artifacts/test-results
  log=$(mktemp)
  dotnet test CrossModalVae.sln -c $configuration "${engines[@]}" "${properties[@]}" --no-build --nologo -v quiet --filter "$filter" \
    --logger 'console;verbosity=minimal' "${collect[@]}" 2>&1 | tee "$log" || rc=$?
  # One closing line over all test projects.
  sed -n 's/.*Failed: *\([0-9]*\), Passed: *\([0-9]*\), Skipped: *\([0-9]*\).*/\1 \2 \3/p' "$log" \
    | awk '{ f += $1; p += $2; s += $3 } END { printf "%d passed, %d failed, %d skipped\n", p, f, s }'
  rm -f "$log"
  [ ${#properties[@]} -eq 0 ] || report_coverage
  return $rc
}

report_coverage() {
  dotnet tool restore > /dev/null
  dotnet reportgenerator '-reports:artifacts/coverage/raw/*/coverage.cobertura.xml' -targetdir:artifacts/coverage \
    '-reporttypes:Html;TextSummary' -verbosity:Warning
  grep -E '^  (Line|Branch) coverage|^CrossModalVae|^cmvae' artifacts/coverage/Summary.txt
}

# Lines of C# over .editorconfig's max_line_length, in characters; dotnet format does not look at it.
check_line_length() {
  local long
  long=$(git ls-files -z '*.cs' | LC_ALL=C.UTF-8 xargs -0 -r grep -HnoE '^.{141,}' | cut -d: -f1,2) || true
  if [ -n "$long" ]; then
    say "$long"
    fail "the lines above have more than 140 characters; wrap them, as .editorconfig's max_line_length says."
  fi
}

check_format() {
  check_line_length
  set_up
  restore
  dotnet format CrossModalVae.sln --verify-no-changes --severity warn --no-restore
}

# What the analyzer finds missing in empty records is the public API.
record_api() {
  local file log project
  set_up
  restore
  log=$(mktemp)
  for file in src/*/PublicAPI.Unshipped.txt; do
    echo '#nullable enable' > "$file"
  done
  dotnet build CrossModalVae.sln -c $configuration "${engines[@]}" -p:TreatWarningsAsErrors=false --no-restore --no-incremental \
    -nologo -v quiet > "$log" || { cat "$log" >&2; fail "the build failed; src/*/PublicAPI.Unshipped.txt are empty now."; }
  for file in src/*/PublicAPI.Unshipped.txt; do
    project=$(basename "$(dirname "$file")")
    sed -n "s/.*warning RS0016: Symbol '\(.*\)' is not part of the declared public API.*\/$project\.csproj\].*/\1/p" "$log" | LC_ALL=C sort -u >> "$file"
  done
  rm -f "$log"
}

pack() {
  build
  rm -rf artifacts/packages
  local common=(-c $configuration "${engines[@]}" -o artifacts/packages -nologo -v quiet)
  dotnet pack CrossModalVae.sln --no-build "${common[@]}" >&2
  say "packing the tool: it is compiled ahead of time for this machine's runtime identifier"
  dotnet pack src/CrossModalVae.Cli "${common[@]}" >&2
  ls -sh artifacts/packages
}

# The API reference is made of the built assemblies and their documentation files.
build_docs() {
  local fetched
  build
  rm -rf artifacts/site artifacts/site-api
  dotnet tool restore > /dev/null
  dotnet docfx .docfx.json --warningsAsErrors --logLevel Warning >&2
  fetched=$(grep -rlE --include='*.html' '<(script|img|iframe|source)[^>]* src="(https?:)?//|<link[^>]* href="(https?:)?//' artifacts/site) || true
  [ -z "$fetched" ] || { say "$fetched"; fail "the pages above fetch something from another host; the site must work without a network."; }
  say "wrote artifacts/site; to read it: dotnet docfx serve artifacts/site"
}

doctor() {
  set_up
  say "dotnet $(dotnet --version), $(nproc) cores"
  if [ -f "$cmvae" ]; then dotnet "$cmvae" doctor; else say "not built yet: ./build.sh build"; fi
}

verb=${1:-help}
[ $# -gt 0 ] && shift
case $verb in
  demo) build; dotnet "$cmvae" demo "$@" ;;
  test) run_tests "$@" ;;
  bench) build; dotnet "$bench" "$@" ;;
  pack) pack ;;
  format) check_format ;;
  api) record_api ;;
  docs) build_docs ;;
  build) build ;;
  reference) build; dotnet "$cmvae" demo --reference onnx/demo --force "$@" ;;
  doctor) doctor ;;
  help | --help | -h) usage ;;
  *) usage >&2; fail "no verb '$verb'." ;;
esac
