"""Logging in with the accounts of the town hall: OpenID Connect, by code flow with PKCE, state and nonce."""

import logging

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, current_app, g, render_template, session, url_for
from joserfc.errors import JoseError
from requests import RequestException

from scenarios.accounts import person_of_subject
from web.asked import db
from web.language import language, words
from web.people import enter, wanted

openid = Blueprint("openid", __name__)

PATIENCE = 10  # seconds that the issuer may take for an answer
LEEWAY = 60  # seconds by which its clock may differ from ours
_FAILURES = (OAuthError, JoseError, RequestException, RuntimeError, ValueError, KeyError, TypeError)


@openid.get("/login/openid")
def leave():
    """To the issuer, which sends the person back."""
    session["next"], session["lang"] = wanted(), language()
    try:
        return _issuer().authorize_redirect(url_for("openid.back", _external=True))
    except _FAILURES as error:
        return _refused(error)


@openid.get("/login/openid/back")
def back():
    """From the issuer, with a code for a signed token that says who it is."""
    g.language = session.get("lang", language())
    try:
        claims = _claims(_issuer())
    except _FAILURES as error:
        return _refused(error)
    login = str(claims.get("preferred_username") or claims.get("email") or "person")
    email = str(claims["email"])[:200] if claims.get("email") else None
    name = str(claims.get("name") or login)
    found = person_of_subject(db(), f"{claims['iss']} {claims['sub']}", login, name, email)
    if found is None:
        return _told(words("openid-deactivated"))
    db().flush()
    return enter(found, session.get("next", ""))


def init_app(app: Flask) -> None:
    app.extensions["twin_openid"] = OAuth(app).register(
        "twin_openid",
        client_id=app.config["OPENID_CLIENT"],
        client_secret=app.config["OPENID_SECRET"],
        server_metadata_url=app.config["OPENID_ISSUER"].rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "default_timeout": PATIENCE},
    )
    app.register_blueprint(openid)


def _issuer():
    return current_app.extensions["twin_openid"]


def _claims(client) -> dict:
    """What the token says, after its signature, issuer, audience, nonce and time were checked."""
    metadata = client.load_server_metadata()
    if metadata.get("issuer") != current_app.config["OPENID_ISSUER"]:
        raise ValueError(f"the issuer calls itself {metadata.get('issuer')}")
    # Signed with its private key: "none" and what is made with a shared secret would let others sign.
    known = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [
        name for name in known if name.startswith(("RS", "PS", "ES", "Ed"))
    ]
    wanted_claims = {
        "iss": {"essential": True, "value": metadata["issuer"]},
        "aud": {"essential": True, "value": client.client_id},
    }
    token = client.authorize_access_token(claims_options=wanted_claims, leeway=LEEWAY)
    if not token.get("userinfo"):
        raise ValueError("it sent no id_token")
    return token["userinfo"]


def _refused(error: Exception):
    logging.getLogger(__name__).warning("OpenID Connect: %s: %s", type(error).__name__, error)
    return _told(words("openid-failed"))


def _told(sentence: str):
    return render_template("login.html", next=session.get("next", ""), said=sentence, login=""), 401
