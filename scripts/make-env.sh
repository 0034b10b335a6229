#!/bin/sh
# Writes .env for docker-compose.yml, with a random secret for each required variable. Keep a copy of MASTER_KEY
# apart from the backups: without it the private keys cannot be decrypted.
set -eu
cd "$(dirname "$0")/.."
file=${1:-.env}
# The stores were created with the existing secrets, so these must not be replaced.
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
echo "Made $file. The administrator token of the API is ADMIN_TOKEN in it."
