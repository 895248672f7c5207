"""A private PostGIS server in a folder of its own: started, stopped and asked for without an administrator."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from twin.errors import TwinError

ROLE = DATABASE = "twin"
AS_POSTGRES = ["runuser", "-u", "postgres", "--"]
INSTALL = "apt install postgresql postgresql-postgis"
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
shared_buffers = 256MB
max_wal_size = 2GB
"""
ADMITTED = (
    f"# Only this role, from this machine, with the password in pgpass.\nhost all {ROLE} 127.0.0.1/32 scram-sha-256\n"
)
# PostgreSQL without a server wants an empty line after each statement. What template1 has, each new database has.
SETUP = f"""create extension postgis;

create role {ROLE} login createdb password '{{password}}';

create database {DATABASE} owner {ROLE};

"""


def default_folder() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/twin/postgis")  # PostgreSQL runs as another user, who cannot enter root's home
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "twin/postgis"


def start(folder: Path | None = None, port: int | None = None, *, durable: bool = True) -> str:
    """Start the server, make it first where there is none, and return its URL. A running one is left as it is.

    durable: False for tests, whose data may be lost when the machine stops.
    """
    folder = (folder or default_folder()).absolute()
    running = status(folder)
    if running:
        return running
    programs = _programs(folder)
    if not _cluster(folder).exists():
        _create(folder, programs)
    port = port or _free_port(folder)
    options = f"-p {port}" if durable else f"-p {port} -F -c synchronous_commit=off -c full_page_writes=off"
    _run(
        programs / "pg_ctl", "start", "-w", "-D", _cluster(folder), "-l", _cluster(folder) / "server.log", "-o", options
    )
    (folder / "port").write_text(f"{port}\n")  # the next start takes it again: QGIS projects keep the address
    return _url(folder, port)


def stop(folder: Path | None = None) -> None:
    """Stop the server; one that is not running stays so."""
    folder = (folder or default_folder()).absolute()
    if status(folder):
        _run(_programs(folder) / "pg_ctl", "stop", "-w", "-m", "fast", "-D", _cluster(folder))


def status(folder: Path | None = None) -> str | None:
    """The URL of the running server, None where none runs."""
    folder = (folder or default_folder()).absolute()
    pid_file = _cluster(folder) / "postmaster.pid"
    if not pid_file.exists():
        return None
    process, _, _, port, *_ = [*pid_file.read_text().splitlines(), "", "", "", ""]
    command = Path(f"/proc/{process}/comm")  # the file of a server that was killed outlives it
    if not port or not command.exists() or command.read_text().strip() != "postgres":
        return None
    return _url(folder, int(port))


def _cluster(folder: Path) -> Path:
    return folder / "cluster"


def _url(folder: Path, port: int) -> str:
    """Without the password, so that it may be printed and be seen in a list of processes."""
    return f"postgresql+psycopg://{ROLE}@127.0.0.1:{port}/{DATABASE}?passfile={quote(str(folder / 'pgpass'))}"


def _programs(folder: Path) -> Path:
    """Where initdb and pg_ctl are: of the version that made the cluster, else of the newest that has PostGIS."""
    named = shutil.which("pg_ctl")
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *([Path(named).resolve().parent] if named else [])]
    found = {_version(programs): programs for programs in folders if _has_postgis(programs)}
    made_by = _cluster(folder) / "PG_VERSION"
    version = made_by.read_text().strip() if made_by.exists() else max(found, key=int, default="")
    if version not in found:
        which = f"PostgreSQL {version}, which made {folder}," if version else "PostgreSQL"
        raise TwinError(f"{which} with PostGIS is not installed on this machine. As root: {INSTALL}")
    return found[version]


def _version(programs: Path) -> str:
    """The major version: "15" of "postgres (PostgreSQL) 15.20 (Debian …)"."""
    return _output(programs / "postgres", "--version").split(")")[1].split(".")[0].strip()


def _has_postgis(programs: Path) -> bool:
    return (Path(_output(programs / "pg_config", "--sharedir").strip()) / "extension/postgis.control").exists()


def _output(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603


def _create(folder: Path, programs: Path) -> None:
    """Make the cluster: no one is its superuser over the network, PostGIS is in the template of all databases."""
    making = folder / "making"
    shutil.rmtree(making, ignore_errors=True)  # of a start that was interrupted
    making.mkdir(parents=True, mode=0o700)
    if os.geteuid() == 0:
        _let_postgres_in(folder, making)
    _run(programs / "initdb", "-D", making, "-U", "postgres", "-A", "reject", "-E", "UTF8", "--locale=C.UTF-8")
    with (making / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS)
    (making / "pg_hba.conf").write_text(ADMITTED)
    password = secrets.token_urlsafe(24)
    setup = SETUP.format(password=password)
    said = _run(programs / "postgres", "--single", "-j", "-D", making, "template1", asked=setup)
    if " ERROR: " in said:  # it goes on, and ends with success
        raise TwinError(f"PostgreSQL could not set up PostGIS: {said}")
    _write_password(folder / "pgpass", password)
    making.rename(_cluster(folder))


def _let_postgres_in(folder: Path, making: Path) -> None:
    if not _is_user("postgres"):
        raise TwinError(f"There is no user postgres on this machine. As root: {INSTALL}")
    folder.chmod(0o711)
    shutil.chown(making, "postgres", "postgres")
    if subprocess.run([*AS_POSTGRES, "test", "-w", making], cwd="/").returncode:  # noqa: S603
        raise TwinError(
            f"PostgreSQL runs as the user postgres, who cannot enter {folder}. Name a folder like /srv/twin."
        )


def _is_user(name: str) -> bool:
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False


def _write_password(path: Path, password: str) -> None:
    """In the form that all programs of PostgreSQL read: host:port:database:role:password."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(f"127.0.0.1:*:*:{ROLE}:{password}\n")


def _free_port(folder: Path) -> int:
    """The port of last time, or any other that is free."""
    remembered = folder / "port"
    for port in (int(remembered.read_text()) if remembered.exists() else 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL does, just after a stop
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise TwinError("No port is free on this machine.")


def _run(*command: str | Path, asked: str = "") -> str:
    """What a program of PostgreSQL says on its error channel. It runs as the user postgres where we are root."""
    as_someone = AS_POSTGRES if os.geteuid() == 0 else []
    english = {**os.environ, "LC_ALL": "C"}  # _create looks for a word in the answer
    done = subprocess.run(  # noqa: S603
        [*as_someone, *command], input=asked, capture_output=True, text=True, cwd="/", env=english
    )
    if done.returncode:
        raise TwinError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()}")
    return done.stderr
