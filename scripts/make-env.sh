#!/bin/sh
# Makes .env for docker-compose.yml: a new random secret for each variable that it asks for. Keep a copy of MASTER_KEY
# apart from the backups: without it nobody can open the private keys.
set -eu
cd "$(dirname "$0")/.."
file=${1:-.env}
# Secrets that stores were made with must not be replaced.
if [ -e "$file" ]; then
  echo "$file is there already: it is left as it is." >&2
  exit 1
fi

secret() {
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

umask 077
for name in MASTER_KEY ADMIN_TOKEN METRICS_TOKEN POSTGRES_PASSWORD CLICKHOUSE_PASSWORD GRAFANA_PASSWORD; do
  echo "$name=$(secret)"
done >"$file"
echo "Made $file. The administrator token of the API is ADMIN_TOKEN in it."
