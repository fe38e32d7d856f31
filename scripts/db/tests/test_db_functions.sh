#!/usr/bin/env bash
# Against DATABASE_URL's server, or an embedded one. All the work is in `counterpoint foundation db-functions`.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)"
exec node "$root/bin/counterpoint.mjs" foundation db-functions "$@"
