#!/bin/bash
# Loads the sample city into an empty store and serves it. A store that holds something is served as it is.
set -euo pipefail
PATH="$PWD/.venv/bin:$PATH"

if [ -z "$DATABASE" ] && [ "$STORE" = postgis ]; then
    tools/packages.sh postgis
    DATABASE=$(twin postgis start)
fi
DATABASE=${DATABASE:-data/city.gpkg}

if ! twin info "$DATABASE" --json 2>/dev/null | python tools/holds_something.py; then
    if [ ! -d data/sample ]; then
        mkdir -p data
        rm -rf data/sample.part
        twin sample data/sample.part --buildings "$BUILDINGS" --seed 1
        mv data/sample.part data/sample
    fi
    twin load data/sample --into "$DATABASE"
fi
exec twin serve --host "$HOST" --port "$PORT" --store "$DATABASE"
