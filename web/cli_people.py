"""The command `twin person`: who may log in, from the command line, where the first one comes from."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

_store = click.option(
    "--store", default="city.gpkg", show_default=True, metavar="STORE", help="Where the city is kept."
)


@click.group()
def person() -> None:
    """The people who may log in."""


@person.command()
@click.argument("login")
@click.option("--name", help="As others see it; the login where none is said.")
@click.option("--administrator", is_flag=True, help="May do everything, in all projects.")
@_store
def add(login: str, name: str | None, administrator: bool, store: str) -> None:
    """Let somebody in, and print the one-time password that they change when they first come."""
    from scenarios.accounts import add_person

    with _opened(store) as db:
        added, password = add_person(db, login, name or login, administrator=administrator)
        db.commit()
        click.echo(f"login: {added.login}\npassword: {password}")


@person.command()
@click.argument("login")
@_store
def reset(login: str, store: str) -> None:
    """Print a new one-time password for somebody; all their logins end."""
    from scenarios.accounts import find_person
    from scenarios.accounts import reset as renew

    with _opened(store) as db:
        password = renew(find_person(db, login))
        db.commit()
        click.echo(f"login: {login.strip().lower()}\npassword: {password}")


@person.command("list")
@_store
def list_all(store: str) -> None:
    """Print everybody: login, name, what they are."""
    from scenarios.project import Person

    with _opened(store) as db:
        for one in db.scalars(select(Person).order_by(Person.login)):
            notes = [
                word
                for word, holds in (
                    ("administrator", one.is_administrator),
                    ("deactivated", not one.is_active),
                    ("one-time password", one.must_change),
                    ("OpenID Connect", one.subject),
                )
                if holds
            ]
            click.echo(f"{one.login:<24} {one.name:<32} {', '.join(notes)}".rstrip())


def _opened(store: str) -> Session:
    from twin.store import open_store

    return Session(open_store(store))
