#!/bin/sh
# Writes .env for docker-compose.yml, with a random secret for each required variable. Keep a copy of MASTER_KEY,
# separate from the backups: without it, watmeter cannot decrypt the private keys.
set -eu
cd "$(dirname "$0")/.."
file=${1:-.env}
# The stores were created with the secrets in the existing file. With other secrets, watmeter could not use these stores.
if [ -e "$file" ]; then
  echo "$file already exists and was not changed." >&2
  exit 1
fi

secret() {
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

umask 077
for name in MASTER_KEY ADMIN_TOKEN METRICS_TOKEN POSTGRES_PASSWORD CLICKHOUSE_PASSWORD GRAFANA_PASSWORD; do
  echo "$name=$(secret)"
done >"$file"
echo "Created $file. The administrator token is the value of ADMIN_TOKEN in this file."
