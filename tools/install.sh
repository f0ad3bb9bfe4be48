#!/usr/bin/env bash
# Installs what Hookline needs from Debian's packages, and nothing when it is there already.
# Usage: tools/install.sh build|test|fuzz|engine|bench …
set -euo pipefail

build=(g++ cmake ninja-build ccache lld pkg-config python3 curl libboost1.81-dev libssl-dev zlib1g-dev
       libsqlitecpp-dev libsqlite3-dev libsodium-dev libspdlog-dev libfmt-dev libcli11-dev libexpected-dev
       prometheus-cpp-dev libtomlplusplus-dev libutf8proc-dev libre2-dev libnghttp2-dev libprotozero-dev
       libhowardhinnant-date-dev tzdata)
check=(libgtest-dev libgmock-dev clang-format nodejs python3-jinja2)
fuzz=(clang libclang-rt-14-dev)
engine=(docker.io busybox-static)
bench=(libbenchmark-dev python3-jinja2 wrk nginx-light python3-fastapi python3-uvicorn python3-httptools python3-uvloop nodejs)

wanted=()
for group in "$@"; do
  case $group in
    build) wanted+=("${build[@]}") ;;
    test) wanted+=("${check[@]}") ;;
    fuzz) wanted+=("${fuzz[@]}") ;;
    engine) wanted+=("${engine[@]}") ;;
    bench) wanted+=("${bench[@]}") ;;
    *) echo "tools/install.sh: there is no group \"$group\"; there are build, test, fuzz, engine, bench" >&2; exit 2 ;;
  esac
done

missing=()
for package in "${wanted[@]}"; do
  # A Node or engine that came another way serves as well.
  case $package in
    nodejs) command -v node >/dev/null && continue ;;
    docker.io) command -v dockerd >/dev/null && continue ;;
  esac
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
# npm belongs to Node where that came from elsewhere; from Debian it is a package of its own.
if [[ " ${wanted[*]} " == *" nodejs "* ]] && ! command -v npm >/dev/null; then missing+=(npm); fi
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ]; then as_root=()
elif command -v sudo >/dev/null; then as_root=(sudo)
else
  echo "These packages are missing and can only be installed as root or with sudo: ${missing[*]}" >&2
  exit 1
fi
command -v apt-get >/dev/null || { echo "Hookline builds on Debian 12; please install: ${missing[*]}" >&2; exit 1; }

echo "Installing: ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
       apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
  tail -n 20 "$log" >&2
  echo "Installing the packages failed; above is what apt-get said." >&2
  exit 1
fi
