#!/usr/bin/env bash
# Installs what `npm run test:services` needs on a bare Debian machine: Java 17, Maven, PostgreSQL, nginx, Chromium, openssl by
# apt, the Kafka jars by Maven. It skips what is installed already, so it may run before every test run.
# WATMETER_TEST_CACHE chooses where the jars are kept (default: ${XDG_CACHE_HOME:-~/.cache}/watmeter-test).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${WATMETER_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/watmeter-test}
# The name contains the checksum of the pom, so that each pom has its own directory (kafka-jars.ts uses the same name).
jars=$cache/kafka-$(sha256sum "$here/pom.xml" | cut -c1-12)

install_packages() {
  local missing=()
  command -v java >/dev/null || missing+=(openjdk-17-jre-headless)
  command -v mvn >/dev/null || [ -d "$jars" ] || missing+=(maven)
  command -v openssl >/dev/null || missing+=(openssl)
  command -v chromium >/dev/null || missing+=(chromium)
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || command -v postgres >/dev/null || missing+=(postgresql)
  command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
  [ -e /usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so ] || missing+=(libnginx-mod-http-headers-more-filter)
  # For the examples in docs/reference/tokens.md.
  /usr/bin/python3 -c 'import jwcrypto' 2>/dev/null || missing+=(python3-jwcrypto)
  [ ${#missing[@]} -eq 0 ] && return 0
  local root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  "${root[@]}" apt-get update -qq
  # Prevents the package from starting a server. The tests start their own.
  "${root[@]}" mkdir -p /etc/postgresql-common/createcluster.d
  echo 'create_main_cluster = false' | "${root[@]}" tee /etc/postgresql-common/createcluster.d/watmeter-test.conf >/dev/null
  # Prevents the package of nginx from starting a server on port 80.
  local policy=/usr/sbin/policy-rc.d created=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
    "${root[@]}" chmod +x "$policy"
    created=yes
  fi
  local status=0
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || status=$?
  [ -z "$created" ] || "${root[@]}" rm -f "$policy"
  return "$status"
}

# Fetches into a temporary directory and renames it, so that a directory with the final name is complete.
fetch_jars() {
  [ -d "$jars" ] && return 0
  mkdir -p "$cache"
  local new
  new=$(mktemp -d "$jars.XXXXXX")
  # Copied, so that Maven leaves no `target` in the project.
  cp "$here/pom.xml" "$new/pom.xml"
  for attempt in 1 2 3; do
    mvn -B -q -f "$new/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$new/lib" && break
    [ "$attempt" -lt 3 ] || { rm -rf "$new"; return 1; }
    sleep $((attempt * 5))
  done
  # Another run may have been faster.
  mv -T "$new" "$jars" 2>/dev/null || { rm -rf "$new"; [ -d "$jars" ]; }
}

install_packages
fetch_jars
printf 'Kafka jars: %s\n' "$jars/lib"
