#!/bin/bash
# Installs the system's packages for the programs named: postgis, browser, gdal, qgis, nginx. Those that are there are left alone.
set -euo pipefail

there() {
    case $1 in
        postgis) compgen -G '/usr/lib/postgresql/*/bin/initdb' && compgen -G '/usr/share/postgresql/*/extension/postgis.control' ;;
        browser) command -v chromium || compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium-*" ;;
        gdal) command -v ogr2ogr ;;
        nginx) command -v nginx ;;
        qgis) /usr/bin/python3 -c 'import qgis.core' 2>&1 ;;
    esac >/dev/null
}

packages_of() {
    case $1 in
        postgis) echo postgresql postgresql-postgis ;;
        browser) echo chromium ;;
        gdal) echo gdal-bin ;;
        nginx) echo nginx-light ;;
        qgis) echo python3-qgis ;;
    esac
}

# Ubuntu's chromium is a snap, which a test cannot start: Playwright brings its own there.
snap_only() { [ "$1" = browser ] && grep -q '^ID=ubuntu' /etc/os-release; }

missing=()
for program in "$@"; do
    there "$program" && continue
    if snap_only "$program"; then
        .venv/bin/python -m playwright install --with-deps chromium
    else
        # shellcheck disable=SC2207  # the names of packages have no spaces
        missing+=($(packages_of "$program"))
    fi
done
[ ${#missing[@]} -eq 0 ] && exit

if [ "$(id -u)" -eq 0 ]; then
    as_root=(env DEBIAN_FRONTEND=noninteractive)
elif sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then
    as_root=(sudo env DEBIAN_FRONTEND=noninteractive)
else
    echo "Missing on this machine. As root: apt install ${missing[*]}" >&2
    exit 1
fi
install=("${as_root[@]}" apt-get install --yes --quiet --no-install-recommends "${missing[@]}")
"${install[@]}" || { "${as_root[@]}" apt-get update --quiet && "${install[@]}"; }
