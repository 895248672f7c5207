"""What the city is made of. Each layer is one file; this is the order they are drawn in, ground first."""

from layers.blocks import Block
from layers.buildings import Building
from layers.facilities import Facility
from layers.lines import Line
from layers.parcels import Parcel
from layers.stops import Stop
from layers.streets import Street
from layers.surfaces import Surface
from layers.trees import Tree
from layers.vacancies import Vacancy
from layers.water import Water
from layers.zones import Zone

DRAWN = (Surface, Water, Block, Zone, Parcel, Street, Line, Stop, Facility, Tree, Building, Vacancy)
BY_NAME = {layer.__tablename__: layer for layer in DRAWN}
