#!/bin/sh
# Writes run.lock, dev.lock, bench.lock and scale.lock from pyproject.toml: name, version and hash, no address.
# Needs uv, and only when a dependency changes; installing needs nothing but pip.
set -eu
cd "$(dirname "$0")/.."
lock() { uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet "$@"; }
lock pyproject.toml --extra dev --extra build -o requirements/dev.lock
lock pyproject.toml --extra build -c requirements/dev.lock -o requirements/run.lock
lock pyproject.toml --extra dev --extra build --extra scale --extra servers \
    -c requirements/dev.lock -o requirements/scale.lock
lock pyproject.toml --extra dev --extra build --extra bench -c requirements/dev.lock -o requirements/bench.lock
