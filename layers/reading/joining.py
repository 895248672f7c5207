"""Finds the building, parcel or block that a row of a register names, among those that the city has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.blocks import Block
from layers.buildings import Building
from layers.parcels import Parcel
from layers.reading.values import LETTERS, fold, text
from twin.feature import TODAY, Feature

_AT_ONCE = 500  # uids in one question
_HOUSE = r"(\d+)\s*([a-z])?\b(?:\s*[-–/+]\s*(\d+)\s*([a-z])?\b)?"


@dataclass
class Partner:
    """What a row is joined to. fields: as the city has them now."""

    layer: str
    uid: str
    shape: Any
    fields: dict[str, Any]


class NotJoined(Exception):
    """A row names nothing that the city has; the message says what, and what to do."""


class Joiner:
    """Looks up keys; the lists of keys are read once, the features only when they are asked for."""

    def __init__(self, db: Session):
        self.db = db
        self._lists: dict[str, dict[str, list[str]]] = {}
        self._found: dict[tuple[str, str], Partner] = {}

    def by_block(self, number: Any) -> Partner:
        words = text(number) or ""
        known = self._list("blocks", _block_keys)
        if not known:
            raise NotJoined("the city has no blocks yet. Load the blocks first, or together with this file.")
        uids = known.get(words) or known.get(words.lstrip("0"))
        if not uids:
            raise NotJoined(f"the city has no block {words}. Check the number, or load the blocks it belongs to.")
        return self._largest(Block, uids)

    def by_address(self, keys: list[str], shown: str, *, buildings_only: bool) -> Partner:
        lists = []
        for layer in (Building,) if buildings_only else (Building, Parcel):
            known = self._list(f"address of {layer.__tablename__}", partial(_address_keys, layer=layer))
            for key in keys:
                if key in known:
                    return self._largest(layer, known[key])
            lists.append(known)
        if not any(lists):
            raise NotJoined("no building has an address yet. Load buildings with addresses first, or together with it.")
        raise NotJoined(f"no building or parcel has the address {shown}. Check it, or give the row coordinates.")

    def by_parcel_key(self, key: Any) -> Partner:
        known = self._list("parcel keys", _parcel_keys)
        uids = known.get(_plain_key(key))
        if not uids:
            raise NotJoined(_no_parcel(known, f"with the key {key}"))
        return self._largest(Parcel, uids)

    def by_parcel(self, number: Any, district: Any, section: Any) -> Partner:
        known = self._list("parcel numbers", _parcel_numbers)
        words = str(text(number))
        section = text(section) or _section_in(words)
        uids = [uid for one in _parcel_numbers_in(words) for uid in known.get(one, [])]
        fitting = [uid for uid in uids if self._lies_in(uid, district, section)]
        if not fitting:
            raise NotJoined(_no_parcel(known, " ".join(filter(None, (text(district), words)))))
        places = {(self._parcel(uid).fields["district"], self._parcel(uid).fields["section"]) for uid in fitting}
        if len(places) > 1:
            listed = ", ".join(sorted(f"{a or '?'} Flur {b or '?'}" for a, b in places))
            raise NotJoined(f"parcel {words} is there in {listed}. Add columns Gemarkung and Flur.")
        return self._parcel(fitting[0])

    def _lies_in(self, uid: str, district: Any, section: Any) -> bool:
        fields = self._parcel(uid).fields
        for given, there in ((district, fields["district"]), (section, fields["section"])):
            if given is not None and there is not None and fold(text(given)).lstrip("0") != fold(there).lstrip("0"):
                return False
        return True

    def _parcel(self, uid: str) -> Partner:
        return self._largest(Parcel, [uid])

    def _list(self, name: str, make: Any) -> dict[str, list[str]]:
        if name not in self._lists:
            self._lists[name] = {}
            for key, uid in make(self.db):
                if key:
                    self._lists[name].setdefault(key, []).append(uid)
        return self._lists[name]

    def _largest(self, layer: type[Feature], uids: list[str]) -> Partner:
        """Of house and garage with one address, the house."""
        wanted = [uid for uid in uids if (layer.__tablename__, uid) not in self._found]
        for start in range(0, len(wanted), _AT_ONCE):
            self._fetch(layer, wanted[start : start + _AT_ONCE])
        found = [self._found[layer.__tablename__, uid] for uid in uids]
        return max(found, key=lambda partner: partner.shape.area)

    def _fetch(self, layer: type[Feature], uids: list[str]) -> None:
        names = [column.name for column in layer.fields()]
        columns = [getattr(layer, name) for name in names]
        question = select(layer.uid, layer.shape, layer.estimated, *columns)
        for uid, shape, estimated, *values in self.db.execute(question.where(_today(layer), layer.uid.in_(uids))):
            fields = dict(zip(names, values, strict=True), estimated=estimated)
            self._found[layer.__tablename__, uid] = Partner(layer.__tablename__, uid, shape, fields)


def address_keys(address: Any, house: Any = None, suffix: Any = None) -> list[str]:
    """What an address is looked up by, the most exact first: `Markt-Str. 12 a` and `Marktstraße 12A` are the same.

    For a range of houses both ends are keys too.
    """
    words = (text(address) or "").lower().translate(LETTERS)
    if house is not None:
        words = f"{words.split(',')[0]} {text(house)}{text(suffix) or ''}".lower()
    for part in re.split(r"[,;(]|\b\d{5}\b", words):
        found = _parts_of(part)
        if found:
            street, first, letter, last, last_letter = found
            plain = _plain_street(street)
            ends = [f"{first}{letter or ''}", f"{last}{last_letter or ''}"] if last else [f"{first}{letter or ''}"]
            return [f"{plain} {end}" for end in (["-".join(ends)] if last else []) + ends]
    return []


def _parts_of(address: str) -> tuple | None:
    """Street, number, letter, and those of the last house: `Marktstr. 12a-14`, or `12 Market Street`."""
    if found := re.fullmatch(rf"\s*(\D*[a-z]\D*?)\s*{_HOUSE}\s*", address):
        return found.groups()
    if found := re.fullmatch(rf"\s*{_HOUSE}\s+(\D*[a-z]\D*)", address):
        return found[5], *found.groups()[:4]
    return None


def _plain_street(street: str) -> str:
    return fold(re.sub(r"str(asse|\.)?(?![a-z])", "str", street))


def _today(layer: type[Feature]) -> Any:
    return (layer.scenario_id == TODAY) & ~layer.gone


def _block_keys(db: Session) -> Iterator[tuple[str, str]]:
    for number, uid in db.execute(select(Block.number, Block.uid).where(_today(Block))):
        words = (number or uid).strip()
        yield words, uid
        if words != words.lstrip("0"):
            yield words.lstrip("0"), uid  # a workbook that took the number for one


def _address_keys(db: Session, layer: Any) -> Iterator[tuple[str, str]]:
    for uid, addresses in db.execute(select(layer.uid, layer.address).where(_today(layer), layer.address.is_not(None))):
        for address in addresses.split(";"):
            for key in address_keys(address):
                yield key, uid


def _parcel_keys(db: Session) -> Iterator[tuple[str, str]]:
    for key, uid in db.execute(select(Parcel.key, Parcel.uid).where(_today(Parcel))):
        yield _plain_key(key or uid), uid


def _parcel_numbers(db: Session) -> Iterator[tuple[str, str]]:
    for number, uid in db.execute(select(Parcel.number, Parcel.uid).where(_today(Parcel))):
        for one in _parcel_numbers_in(number or ""):
            yield one, uid


def _plain_key(key: Any) -> str:
    return re.sub(r"[\s_]", "", str(text(key) or "")).upper()


def _parcel_numbers_in(words: str) -> list[str]:
    """`Flur 3, Flurstück 0123/004` is 123/4; several may be named."""
    rest = re.sub(r"flur\s*\d+", " ", words.lower())
    return ["/".join(part.lstrip("0") for part in one.split("/")) for one in re.findall(r"\d+(?:/\d+)?", rest)]


def _section_in(words: str) -> str | None:
    found = re.search(r"flur\s*(\d+)", words.lower())
    return found[1] if found else None


def _no_parcel(known: dict, shown: str) -> str:
    if not known:
        return "the city has no parcels yet. Load the parcels first, or together with this file."
    return f"the city has no parcel {shown}. Check it, or give the row coordinates."
