#!/usr/bin/env bash
# Applies the migrations to DATABASE_URL, or to --database-url. All the work is in `counterpoint migrate`.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
exec node "$root/bin/counterpoint.mjs" migrate "$@"
