#!/usr/bin/env bash
# The README's first command and the example that it prints, run as a stranger would: on a new data directory, with
# nothing set. Fails when the printed example does not count its one session.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
# npm starts a shell that starts node: the whole group is stopped.
trap 'kill -TERM -- "-${pid:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
port=$((20000 + RANDOM % 20000))

DATA_DIR="$work/data" PORT=$port setsid npm start >"$work/out" 2>"$work/err" &
pid=$!
for _ in $(seq 150); do
  grep -q 'watmeter is ready' "$work/out" && break
  sleep 0.2
done
grep -q 'watmeter is ready' "$work/out" || { cat "$work/out" "$work/err"; exit 1; }

# The five lines of the example, with their files in the work directory.
sed -n '/See it count/,/More traffic/p' "$work/out" | grep '^    ' |
  sed -e "s#first.json#$work/first.json#g" -e "s#wat.json#$work/wat.json#g" >"$work/example.sh"
bash -e "$work/example.sh" | tee "$work/answer"
grep -q '"timeZone":"Europe/Berlin".*"today":1,"total":1' "$work/answer"

DATA_DIR="$work/data" npm run -s demo -- --url "http://127.0.0.1:$port" --sessions 200 | tee "$work/demo"
grep -Eq 'all +200 +200' "$work/demo"
