#!/usr/bin/env bash
# Fuzzes: tools/fuzz.sh [TARGET|quick|all] [SECONDS]     60 s for each target, unless told otherwise
# Targets: those of tests/fuzz/CMakeLists.txt without "_fuzz": ingest, sse, engine, builds, language, and the services;
# quick is the services, the language and what an engine says.
# First replays the services' samples and tests/fuzz/corpus/TARGET. What is new goes to build/fuzz/corpus/TARGET, what
# fails to build/fuzz/failures: mend it, and keep the input in the corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
services=(github gitlab jenkins circleci ci docker custom)
target=${1:-all}
seconds=${2:-60}
case $target in
  all) targets=(ingest sse engine builds language "${services[@]}") ;;
  quick) targets=(language engine builds "${services[@]}") ;;
  *) targets=("$target") ;;
esac

# An input is the event's type, a line end, the payload (tests/fuzz/service_fuzz.cpp).
seed() { # SERVICE FOLDER PREFIX
  local file type
  for file in src/services/"$1"/samples/*.json; do
    type=
    case $1 in github | gitlab) type=$(basename "$file") && type=$3${type%%.*} ;; esac
    { echo "$type" && cat "$file"; } >"$2/$1.$(basename "$file" .json)"
  done
}

tools/build.sh fuzz "${targets[@]/%/_fuzz}"
mkdir -p build/fuzz/failures
for name in "${targets[@]}"; do
  new=build/fuzz/corpus/$name seeds=build/fuzz/seeds/$name kept=tests/fuzz/corpus/$name log=build/fuzz/$name.log
  mkdir -p "$new" "$seeds"
  case $name in
    ingest | sse | engine | builds | language) ;;
    ci) for platform in github gitlab jenkins circleci; do seed "$platform" "$seeds" "$platform:"; done ;;
    *) seed "$name" "$seeds" "" ;;
  esac
  [ -d "$kept" ] || kept=$seeds
  if ! "build/fuzz/tests/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
      -print_final_stats=1 -artifact_prefix="build/fuzz/failures/$name-" "$new" "$seeds" "$kept" >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    echo "tools/fuzz.sh: $name failed; the input is in build/fuzz/failures, the whole log is $log" >&2
    exit 1
  fi
  echo "ok   $name: $(awk '/number_of_executed_units/ {print $2}' "$log") inputs"
done
