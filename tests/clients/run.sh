#!/usr/bin/env bash
# Starts the system and drives it with the clients of this folder:
#
#     tests/clients/run.sh PATH-OF-THE-BINARY
#
# 1. Without --data: the audits of GraphQL over HTTP, the main job, and a clean end on SIGINT.
# 2. With --data: what was acknowledged is there after a kill -9.
# 3. With another Telegram than the stand-in: messengers, with what others wrote at the far end.
#
# Everything else that the product promises is proven by the chapters, over the same wire.
set -euo pipefail

readonly READY_SECONDS=30 END_SECONDS=10

if [[ $# -ne 1 || ! -x $1 ]]; then
  echo "usage: $0 PATH-OF-THE-BINARY" >&2
  exit 2
fi
binary=$(realpath "$1")
cd "$(dirname "$(realpath "$0")")"

scratch=$(mktemp -d)
pid=
url=
finish() {
  if [[ -n $pid ]]; then kill -9 "$pid" 2>/dev/null || true; fi
  rm -rf "$scratch"
}
trap finish EXIT

# start ARGUMENT...: starts the system on a free port; sets pid and url.
start() {
  local log=$scratch/log deadline=$((SECONDS + READY_SECONDS))
  : >"$log"
  "$binary" --port 0 --no-console "$@" >"$log" 2>&1 &
  pid=$!
  until url=$(sed -n 's/^ready //p' "$log") && [[ -n $url ]]; do
    if ! kill -0 "$pid" 2>/dev/null || ((SECONDS >= deadline)); then
      echo "FAILED  it is not ready within $READY_SECONDS s:" >&2
      cat "$log" >&2
      exit 1
    fi
    sleep 0.05
  done
}

# stop: ends the system as Ctrl-C does; fails if it takes too long or does not end well.
stop() {
  local deadline=$((SECONDS + END_SECONDS)) code=0
  kill -INT "$pid"
  while kill -0 "$pid" 2>/dev/null; do
    if ((SECONDS >= deadline)); then
      echo "FAILED  it does not end within $END_SECONDS s" >&2
      kill -9 "$pid"
      pid=
      return 1
    fi
    sleep 0.05
  done
  wait "$pid" || code=$?
  pid=
  if ((code != 0)); then
    echo "FAILED  it ends with code $code" >&2
    tail -n 20 "$scratch/log" >&2
    return 1
  fi
  echo "  ok      it ends by itself within $END_SECONDS s of SIGINT, with code 0"
}

# part TITLE COMMAND...: does it, goes on if it fails, and remembers that it did.
failures=0
part() {
  printf '\n== %s\n' "$1"
  if ! "${@:2}"; then failures=$((failures + 1)); fi
}

# Stopped with a page open, whose socket must not hold it up.
stop_with_a_page_open() {
  coproc PAGE { exec node held.mjs "$url"; }
  local page=$PAGE_PID code=0
  if ! read -r -t "$READY_SECONDS" _ <&"${PAGE[0]}"; then
    echo 'FAILED  no socket opens' >&2
    code=1
  fi
  stop || code=1
  kill "$page" 2>/dev/null || true
  return "$code"
}

# The system dies between the two, so that nothing can be saved at the end.
survive() {
  start --data "$scratch/data"
  node kept.mjs write "$url" || return 1
  kill -9 "$pid"
  wait "$pid" 2>/dev/null || true
  start --data "$scratch/data"
  local code=0
  node kept.mjs look "$url" || code=1
  stop || code=1
  return "$code"
}

# The far end serves only when the part has begun.
reach_messengers() {
  local port code=0
  port=$(node lib/free-port.mjs)
  start --telegram-url "http://127.0.0.1:$port"
  node messengers.mjs "$url" "$port" || code=1
  stop || code=1
  return "$code"
}

# Installed already, and from this very lock file: nothing to fetch.
if ! cmp -s package-lock.json node_modules/.chatdesk-lock; then
  npm ci --no-fund --no-audit
  cp package-lock.json node_modules/.chatdesk-lock
fi

start
part 'GraphQL over HTTP' node audit.mjs "$url"
part 'The main job' node main-job.mjs "$url"
part 'The end' stop_with_a_page_open
part 'The data' survive
part 'Messengers' reach_messengers

printf '\n%s\n' "$( ((failures == 0)) && echo 'all parts passed' || echo "failed parts: $failures")"
exit $((failures > 0))
