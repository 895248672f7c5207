"""What can go wrong, said to the person who can put it right."""


class TwinError(Exception):
    """Root of the errors a person may meet; anything else is our bug."""


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
