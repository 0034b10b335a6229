#!/usr/bin/env bash
# Prints the folder with the `node` program of a version: PATH=$(bash .ci/node.sh 24.21.0):$PATH. The npm registry brings the
# program the first time, in the package that the package `node` installs; the cache of the tests keeps it. The package's
# name is that of the platform, so that no install script has to run. npm itself is the one on the path.
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

# The folder is renamed when it is complete, so that an interrupted install leaves no half of one.
install() {
  mkdir -p "$cache"
  new=$(mktemp -d "$place.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  npm install --prefix "$new" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error "node-$platform@$version" >&2
  # Another run may have been faster.
  mv -T "$new" "$place" 2>/dev/null || [ -d "$place" ]
}

[ -d "$place" ] || install
[ "$("$place/$bin/node" --version)" = "v$version" ] || { printf 'Node %s does not run here\n' "$version" >&2; exit 1; }
printf '%s\n' "$place/$bin"
