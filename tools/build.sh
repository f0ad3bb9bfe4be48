#!/usr/bin/env bash
# Configures (once) and builds a preset: tools/build.sh release [TARGET…]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1; shift
if [ ! -f "build/$preset/build.ninja" ]; then
  mkdir -p build
  cmake --preset "$preset" -Wno-dev >"build/$preset.log" 2>&1 || { cat "build/$preset.log" >&2; exit 1; }
fi
# Two jobs at most where memory is short: one Beast file takes about 1 GB.
jobs=$(( $(awk '/MemAvailable/ {print int($2 / 1300000)}' /proc/meminfo) ))
cores=$(nproc)
[ "$jobs" -lt 1 ] && jobs=1
[ "$jobs" -gt "$cores" ] && jobs=$cores
if [ -t 1 ] || [ -n "${CI:-}" ]; then
  cmake --build "build/$preset" -j "$jobs" ${1:+--target "$@"}
else
  cmake --build "build/$preset" -j "$jobs" ${1:+--target "$@"} >"build/$preset.log" 2>&1 ||
    { grep -E 'error|FAILED' -A3 "build/$preset.log" | head -n 40 >&2; exit 1; }
fi
