#!/usr/bin/env bash
# Shows Hookline at work: a daemon in a folder of its own, one hook into this terminal, and a row of signed GitHub
# deliveries, sent over HTTP as GitHub would.   tools/demo.sh PATH/TO/hookline [serve's arguments]
set -euo pipefail
hookline=$(realpath "$1"); shift
samples=$(cd "$(dirname "$0")/../src/services/github/samples" && pwd)

folder=$(mktemp -d)
log=$folder/log
daemon=
finish() {
  trap - EXIT INT TERM
  if [ -n "$daemon" ]; then kill -TERM "$daemon" 2>/dev/null || true; wait "$daemon" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 0' INT TERM

export HOOKLINE_DATA_DIR=$folder/data
unset HOOKLINE_DISCORD_TOKEN HOOKLINE_URL
"$hookline" serve --listen 127.0.0.1:0 "$@" 2>"$log" &
daemon=$!
for _ in $(seq 100); do
  HOOKLINE_URL=$(sed -n 's/.*listening.*url=\([^ ]*\).*/\1/p' "$log" | head -n 1)
  [ -n "$HOOKLINE_URL" ] && break
  kill -0 "$daemon" 2>/dev/null || { cat "$log" >&2; exit 1; }
  sleep 0.1
done
[ -n "$HOOKLINE_URL" ] || { cat "$log" >&2; echo "The daemon did not come up within ten seconds." >&2; exit 1; }
export HOOKLINE_URL

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

say '$ hookline hook github on'
"$hookline" hook github on
say '$ hookline send --service github --event … --hook hook_001      (what GitHub would deliver)'
for sample in push pull_request.opened pull_request_review.approved workflow_run.success workflow_run.failure \
              pull_request.merged issues.opened issue_comment.created release.published; do
  "$hookline" send --service github --event "${sample%%.*}" "$samples/$sample.json" --hook hook_001 >/dev/null
  sleep 0.4  # as a person reads
done
say "Hookline goes on running at $HOOKLINE_URL; Ctrl-C ends it."
wait "$daemon"
