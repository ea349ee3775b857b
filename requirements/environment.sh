#!/bin/sh
# Makes .venv hold what requirements/$1.lock names: `run` for using the project, `dev` for working on it. `scale` and `bench` are
# dev with more, in environments of their own, .venv/scale and .venv/bench, so that the tests of the base install run without it.
# A stamp remembers what was installed and where, since an environment does not survive being moved; so a second call is quick.
set -eu
cd "$(dirname "$0")/.."
name=$1
folder=.venv
case "$name" in scale | bench) folder=.venv/$name ;; esac
stamp="$folder/$name.stamp"
wanted="$(pwd) $(cat "requirements/$name.lock" pyproject.toml | cksum)"
if [ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ]; then exit 0; fi

if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "govreports needs Python 3.11 or later, and '$PYTHON' is not. Name another: make PYTHON=python3.12 ..." >&2
    exit 1
fi
if [ ! -x "$folder/bin/python" ] || [ "$(cat "$folder/folder" 2>/dev/null || true)" != "$(pwd)" ]; then
    echo "Making the environment in $folder (once) ..."
    rm -rf "$folder"
    "$PYTHON" -m venv "$folder" || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
    pwd > "$folder/folder"
fi
echo "Installing requirements/$name.lock ..."
install() { "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }
install --require-hashes -r "requirements/$name.lock"
install --no-deps --no-build-isolation --editable .
printf '%s\n' "$wanted" > "$stamp"
