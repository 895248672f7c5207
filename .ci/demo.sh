#!/bin/bash
# Loads the sample city into a new store and serves it. A store that holds a city is served as it is.
set -euo pipefail
PATH="$PWD/.venv/bin:$PATH"

if [ -z "$DATABASE" ] && [ "$STORE" = postgis ]; then
    .ci/packages.sh postgis
    DATABASE=$(twin postgis start)
fi
DATABASE=${DATABASE:-data/city.gpkg}

if ! twin info "$DATABASE" >/dev/null 2>&1; then
    if [ ! -d data/sample ]; then
        mkdir -p data
        rm -rf data/sample.part
        twin sample data/sample.part --buildings "$BUILDINGS" --seed 1
        mv data/sample.part data/sample
    fi
    twin load data/sample --into "$DATABASE"
    login=$(twin person add planer --name "Pia Planer" --administrator --store "$DATABASE")
    for project in data/sample/*.twin; do
        twin plan "$project" --into "$DATABASE" --by planer
    done
    echo
    echo "To try planning, log in (the password is changed at once, and is good for this store alone):"
    echo "$login"
    echo
fi
exec twin serve "$DATABASE" --host "$HOST" --port "$PORT"
