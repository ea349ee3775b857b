#!/bin/sh
# What `make test-all` and `make test-scale` need beyond Python, from Debian's packages: a browser to look at the pages with,
# and a PostgreSQL that the tests start for themselves. Run as root.
set -eu
missing=""
for package in chromium chromium-driver fonts-noto-cjk postgresql; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
if [ -n "$missing" ]; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
