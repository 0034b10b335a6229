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

# The lines of the example. Their files are in the data directory, and only the owner can read them.
sed -n '/Count a first session/,/Generate sample traffic/p' "$work/out" | grep '^    ' >"$work/example.sh"
env -u DATA_DIR -u PORT bash -e "$work/example.sh" | tee "$work/answer"
grep -Eq '^time zone +Europe/Berlin$' "$work/answer"
grep -Eq '^today +1 ' "$work/answer"
grep -Eq '^total +1$' "$work/answer"
test -z "$(find "$work/data" -maxdepth 1 -type f -perm /077 ! -name 'lock*')"

DATA_DIR="$work/data" npm run -s demo -- --url "http://127.0.0.1:$port" --sessions 200 | tee "$work/demo"
grep -Eq 'all +200 +200' "$work/demo"
