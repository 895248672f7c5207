"""What can go wrong, said to the person who can put it right."""


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


class Overtaken(TwinError):
    """Someone else changed the same thing first."""


class BadValue(TwinError):
    """A text or a number that cannot be taken, and the message says what would be."""


class LoginNeeded(TwinError):
    """Nobody is logged in, or the login ran out."""


class NotAllowed(TwinError):
    """The person is known, and may not do this here."""


class TooOften(TwinError):
    """So many failures that nobody believes in a slip of the finger."""
