#!/usr/bin/env bash
# Deploys template.yaml with the archives in target/lambda (made by infra/build), or in another folder, to an
# emulator of AWS on this machine, and drives the main job through it: HTTP API, WebSocket API, both
# consumers of the stream, an identity provider that rotates its keys, and a messenger that is answered by the
# queue. Then the tables are restored, as docs/operations.md says, and the job goes on with what there was. The
# bot's token may stand nowhere in the end.
#
#     tests/cloud/run.sh [FOLDER]
set -euo pipefail
archives=$(realpath "${1-$(dirname "$0")/../../target/lambda}")
cd "$(dirname "$0")/../.."

readonly READY_SECONDS=60

# The emulator's own environment, pinned.
if ! cmp -s tests/cloud/requirements.txt target/cloud-emulator/.installed; then
  python3 -m venv --clear target/cloud-emulator
  target/cloud-emulator/bin/pip install --quiet --disable-pip-version-check \
    --no-deps -r tests/cloud/requirements.txt
  cp tests/cloud/requirements.txt target/cloud-emulator/.installed
fi
python=$PWD/target/cloud-emulator/bin/python

scratch=$(mktemp -d)
pid=
messenger=
finish() {
  local code=$?
  # Its functions are its children: the whole group ends.
  if [[ -n $pid ]]; then kill -- "-$pid" 2>/dev/null || true; fi
  if [[ -n $messenger ]]; then kill "$messenger" 2>/dev/null || true; fi
  if ((code != 0)); then tail -n 60 "$scratch/log" "$scratch/telegram-log" >&2 || true; fi
  rm -rf "$scratch"
}
trap finish EXIT

port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
endpoint=http://127.0.0.1:$port
set -m
BIND_HOST=127.0.0.1 GATEWAY_PORT=$port LAMBDA_EXECUTOR=local "$python" -m ministack >"$scratch/log" 2>&1 &
pid=$!
set +m
deadline=$((SECONDS + READY_SECONDS))
until curl --silent --fail --max-time 2 --output /dev/null "$endpoint/_ministack/health"; do
  if ! kill -0 "$pid" 2>/dev/null || ((SECONDS >= deadline)); then
    echo "FAILED  the emulator is not ready within $READY_SECONDS s" >&2
    exit 1
  fi
  sleep 0.2
done

token=700001:$("$python" -c 'import secrets; print(secrets.token_urlsafe(24))')
"$python" tests/cloud/telegram.py "$token" >"$scratch/telegram" 2>"$scratch/telegram-log" &
messenger=$!
until [[ -s $scratch/telegram ]]; do
  if ! kill -0 "$messenger" 2>/dev/null || ((SECONDS >= deadline)); then
    echo "FAILED  the messenger's stand-in is not ready within $READY_SECONDS s" >&2
    exit 1
  fi
  sleep 0.1
done
telegram=$(<"$scratch/telegram")

places=$("$python" tests/cloud/deploy.py "$endpoint" template.yaml "$archives" "$telegram")
echo "deployed: $places"
place() { "$python" -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$places" "$1"; }

if ! cmp -s tests/clients/package-lock.json tests/clients/node_modules/.chatdesk-lock; then
  (cd tests/clients && npm ci --no-fund --no-audit)
  cp tests/clients/package-lock.json tests/clients/node_modules/.chatdesk-lock
fi
node tests/clients/cloud.mjs "$(place http)" "$(place socket)" "$endpoint" "$(place secret)" "$telegram" "$token" \
  "$python" tests/cloud/restore.py "$endpoint"
"$python" tests/cloud/nowhere.py "$endpoint" "$scratch/log" "$token"
