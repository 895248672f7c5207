"""Land cover: what the ground is, and how much of it is sealed."""

from sqlalchemy.orm import Mapped

from layers.codes import SURFACE_KINDS
from twin.feature import Feature, Words, field


class Surface(Feature):
    __tablename__ = "surfaces"
    title = Words("Bodenbedeckung", "Land cover")
    outlined = True
    look = {"color": [186, 206, 160], "by": "kind"}

    kind: Mapped[str | None] = field("Art", "Kind", codes=SURFACE_KINDS)
    name: Mapped[str | None] = field("Name", "Name")
    sealed_percent: Mapped[float | None] = field("Versiegelt", "Sealed", "%")
