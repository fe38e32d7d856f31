#!/usr/bin/env bash
# Checks a database, or what the migrations make, against the contract. All the work is in `counterpoint verify`.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
exec node "$root/bin/counterpoint.mjs" verify "$@"
