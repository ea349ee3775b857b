#!/bin/sh
# Makes .venv hold what requirements/$1.lock names: `run` for using the project, `dev` for working on it.
set -eu
cd "$(dirname "$0")/.."
name=$1
if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "govreports needs Python 3.11 or later; '$PYTHON' is not. Name another: make PYTHON=python3.12 ..." >&2
    exit 1
fi
here=$(pwd)
if [ "$(cat .venv/folder 2>/dev/null || true)" != "$here" ]; then
    rm -rf .venv
fi
if [ ! -x .venv/bin/python ]; then
    echo "Making the environment in .venv (once) ..."
    "$PYTHON" -m venv .venv || { echo "python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
fi
echo "Installing requirements/$name.lock ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$name.lock"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
printf '%s' "$here" > .venv/folder
touch ".venv/$name.stamp"
# The larger set holds the smaller one.
if [ "$name" = dev ]; then touch .venv/run.stamp; fi
