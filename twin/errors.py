"""What can go wrong, said to the person who can put it right."""

from typing import Any


class TwinError(Exception):
    """Root of the errors a person may meet; anything else is our bug.

    Its sentence is English, or `Words` in both languages: the page then says it in the reader's.
    """

    def __str__(self) -> str:
        sentence = self.args[0] if self.args else ""
        return str(getattr(sentence, "en", sentence))


class NotFound(TwinError):
    """Nothing by that name is here."""


class BadShape(TwinError):
    """The shape cannot be stored, and the message says what to redraw."""


class BadFile(TwinError):
    """The file cannot be read, and the message names the file, the place and the remedy."""


class BadStore(TwinError):
    """The store cannot be used as it is."""


class BadField(TwinError):
    """A field cannot have that value, and the message says which it may have."""


class Closed(TwinError):
    """The scenario may not be changed as it stands."""


class Overtaken(TwinError):
    """Someone else changed the same thing first."""

    def __init__(self, sentence: object, layer: str = "", uid: str = "", by: str | None = None, at: Any = None):
        super().__init__(sentence)
        self.layer, self.uid = layer, uid
        self.by, self.at = by, at  # who changed it last, and when
