#!/usr/bin/env bash
# Prints the folder with the `node` program of a version. Usage: PATH=$(bash .ci/node.sh 24.21.0):$PATH
# The first call installs the npm package with the program for this platform into the tests' cache. Later calls use the
# cached program. The npm package `node` is not used, because it would need an install script. npm stays the version that
# is already on the path.
set -euo pipefail
version=$1
case "$(uname -m)" in
  x86_64) platform=linux-x64 ;;
  aarch64) platform=linux-arm64 ;;
  *) printf 'no Node package for %s\n' "$(uname -m)" >&2; exit 1 ;;
esac
cache=${WATMETER_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/watmeter-test}
place=$cache/node-$version-$platform
bin=node_modules/node-$platform/bin

# Installs into a temporary folder and renames the folder when it is complete. An interrupted install therefore never
# leaves an incomplete folder in the cache.
install() {
  mkdir -p "$cache"
  new=$(mktemp -d "$place.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  npm install --prefix "$new" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error "node-$platform@$version" >&2
  # `mv` fails if another run has installed the same version in the meantime. That folder is then used.
  mv -T "$new" "$place" 2>/dev/null || [ -d "$place" ]
}

[ -d "$place" ] || install
[ "$("$place/$bin/node" --version)" = "v$version" ] || { printf 'Node %s does not run here\n' "$version" >&2; exit 1; }
printf '%s\n' "$place/$bin"
