"""What a view takes and gives, said beside it: what comes in is checked by it, and the document is written from it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import orjson
from flask import Flask, current_app, g, request
from jsonschema_rs import Draft202012Validator, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from web import api_words
from web.api_words import wanted
from web.edit_words import filled
from web.errors import BadQuestion
from web.language import words
from web.schemas import Schema, object_of

MOST_BYTES = 8_000_000  # of a body, where a contract says nothing else
NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?")
WHOLE = re.compile(r"-?[0-9]{1,18}")

View = TypeVar("View", bound=Callable)


@dataclass(frozen=True)
class Contract:
    """gives: the JSON that comes back, or the kind of its content. path: of names in the address that are no layer's.

    asks: questions of the address; needs: those that have to be there.
    takes: what is sent, as JSON or, with `is_form`, as a form, in which `file` is a file. most: bytes of it.
    also: statuses beyond those that follow from all this. html: the same comes as a page to those who ask for one.
    """

    gives: Schema | str
    status: int = 200
    path: Mapping[str, Schema] = field(default_factory=dict)
    asks: Mapping[str, Schema] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    takes: Schema | None = None
    is_form: bool = False
    most: int = MOST_BYTES
    also: tuple[int, ...] = ()
    html: bool = False

    @cached_property
    def questions(self) -> "Checked":
        return Checked(object_of(self.asks, self.needs))

    @cached_property
    def body(self) -> "Checked":
        return Checked(self.takes or {"type": "object"})


class Checked:
    """A schema that says in a sentence what does not fit it."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.validator = Draft202012Validator(schema, validate_formats=True)

    def check(self, value: Any) -> None:
        """Raises BadQuestion."""
        try:
            found = next(iter(self.validator.iter_errors(value)), None)
        except ValueError:
            raise BadQuestion(api_words.TOO_DEEP) from None
        if found is not None:
            raise BadQuestion(self._sentence(found))

    def _sentence(self, found: ValidationError) -> Any:
        *way, rule = found.schema_path
        schema: Any = self.schema
        value: Any = found.instance
        for step in way:
            schema = schema[step]
        where = ".".join(str(step + 1 if isinstance(step, int) else step) for step in found.instance_path)
        if rule == "required":
            missing = [name for name in schema["required"] if name not in value]
            return filled(api_words.MISSING, names=", ".join(missing))
        if rule == "additionalProperties":
            unknown = sorted(set(value) - set(schema["properties"]))
            known = ", ".join(schema["properties"]) or "–"
            return filled(api_words.UNKNOWN, name=unknown[0][:60], known=known)
        return filled(api_words.WRONG, name=where[:200], **wanted(schema)._asdict()) if where else api_words.NO_OBJECT


def contract(gives: Schema | str, **told: Any) -> Callable[[View], View]:
    def of(view: View) -> View:
        view.contract = Contract(gives, **told)  # type: ignore[attr-defined]
        return view

    return of


def contract_of(endpoint: str | None) -> Contract | None:
    return getattr(current_app.view_functions.get(endpoint or ""), "contract", None)


def asked(name: str, usual: Any = None) -> Any:
    """What the address asks by this name, of the type that the view's contract says."""
    return g.asked.get(name, usual)


def body() -> dict[str, Any]:
    """What was sent, as JSON or as a form, of the types that the view's contract says."""
    return g.sent


def check_size() -> None:
    """Whatever is sent, and to whatever address: it is read up to what is the most there, and no further."""
    found = contract_of(request.endpoint)
    view = current_app.view_functions.get(request.endpoint or "")
    most = found.most if found else getattr(view, "most_bytes", MOST_BYTES)
    request.max_content_length = request.max_form_memory_size = most
    if (request.content_length or 0) > request.max_content_length:
        raise RequestEntityTooLarge
    request.get_data(parse_form_data=True)
    request.stream.read(1)  # raises where there is more of a body that did not say how long it is


def check_request() -> None:
    """What is asked and sent has to be what the view's contract says."""
    found = contract_of(request.endpoint)
    if found is None:
        return
    g.asked = _read(request.args, found.asks)
    found.questions.check(g.asked)
    if found.takes is not None:
        g.sent = _form(found.takes) if found.is_form else _json(request.get_data())
        found.body.check(g.sent)


def init_app(app: Flask) -> None:
    app.before_request(check_size)


def _typed(text: str, schema: Schema) -> Any:
    """The text itself where it is not of the type: the schema then says so."""
    if schema["type"] == "integer":
        return int(text) if WHOLE.fullmatch(text) else text
    if schema["type"] == "number":
        return float(text) if NUMBER.fullmatch(text) else text
    return text


def _read(values: Mapping[str, str], schemas: Mapping[str, Schema]) -> dict[str, Any]:
    return {name: _typed(values[name], schema) for name, schema in schemas.items() if name in values}


def _form(takes: Schema) -> dict[str, Any]:
    if any("\0" in value for values in request.form.listvalues() for value in values):
        raise BadQuestion(words("no-such-text"))
    texts, files = {}, {name: file.filename for name, file in request.files.items() if file.filename}
    for name, schema in takes["properties"].items():
        if "contentMediaType" not in schema:
            texts[name] = schema
    filled_in = {name: value for name, value in request.form.items() if value and name in texts}
    unknown = dict.fromkeys((request.form.keys() | request.files.keys()) - takes["properties"].keys(), "")
    return {**_read(filled_in, texts), **files, **unknown}


def _json(data: bytes) -> Any:
    if data and request.mimetype and not request.is_json:
        raise UnsupportedMediaType
    if rb"\u0000" in data:
        raise BadQuestion(words("no-such-text"))
    try:
        sent = orjson.loads(data or b"{}")
        orjson.dumps(sent)  # as deep as this writes, the rest of the house can read
    except orjson.JSONDecodeError as error:
        raise BadQuestion(filled(api_words.NO_JSON, why=str(error))) from error
    except orjson.JSONEncodeError as error:
        raise BadQuestion(api_words.TOO_DEEP) from error
    return sent
