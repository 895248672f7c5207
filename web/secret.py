"""The key that signs the cookies of this installation: made once, kept beside its data, and never in a store."""

import contextlib
import logging
import os
import secrets
from pathlib import Path

from twin.postgis import default_folder


def kept_secret(file: Path | None = None) -> str:
    """The key in the file, which only its owner reads; a new one where there is none.

    A store is copied and handed on, so the key does not lie in it.
    """
    file = file or default_folder().parent / "secret"
    try:
        with contextlib.suppress(FileNotFoundError):
            return _read(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        own = file.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
        own.touch(0o600, exist_ok=False)
        own.write_text(secrets.token_urlsafe(32), encoding="ascii")
        with contextlib.suppress(FileExistsError):  # another process was first: its key is everybody's
            os.link(own, file)
        own.unlink()
        return _read(file)
    except OSError as error:
        logging.getLogger(__name__).warning(
            "%s cannot be written (%s): logins end when the server stops. Set SECRET_KEY.", file, error.strerror
        )
        return secrets.token_urlsafe(32)


def _read(file: Path) -> str:
    found = file.read_text(encoding="ascii").strip()
    if len(found) < 32:
        raise OSError(0, "it is too short")
    return found
