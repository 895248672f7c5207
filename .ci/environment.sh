#!/bin/bash
# Makes .venv with the first Python on this machine that is new enough.
set -euo pipefail

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

test -x .venv/bin/pip && new_enough .venv/bin/python && exit

for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if new_enough "$python"; then break; fi
    python=
done
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed. Debian 12, Ubuntu 24.04 and later bring it: sudo apt install python3 python3-venv" >&2
    exit 1
fi

if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv --clear .venv
elif "$python" -m virtualenv --version >/dev/null 2>&1; then
    "$python" -m virtualenv --clear --quiet .venv
else
    echo "$python cannot make an environment yet. On Debian and Ubuntu: sudo apt install python3-venv" >&2
    exit 1
fi
