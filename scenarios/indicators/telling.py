"""An answer as plain data: for programs, for the command, and for tables of a spreadsheet."""

from collections.abc import Callable, Mapping
from typing import Any

from scenarios.assumptions import Assumed
from scenarios.indicators.figures import Answer, Cause, Figure, Indicator, Place, causes
from scenarios.rules import MARKS, Source
from twin.feature import Words

Say = Callable[[Words], Any]  # a sentence in one language, or both


def told_indicator(one: Indicator, say: Say) -> dict[str, Any]:
    return {
        "name": one.name, "title": say(one.title), "question": say(one.question), "method": say(one.method),
        "limits": say(one.limits), "sources": [told_source(source, say) for source in one.sources],
        "layers": list(one.reads),
    }  # fmt: skip


def told_answer(answer: Answer, assumed: Mapping[str, Assumed], say: Say, before: Answer | None = None) -> dict:
    """before: today's answer, with which the figures are compared."""
    old = {one.name: one for one in before.figures} if before else {}
    return {
        "figures": [told_figure(one, assumed, say, old.get(one.name), answer.touched) for one in answer.figures],
        "columns": {name: {"title": say(one.title), "unit": one.unit} for name, one in answer.columns.items()},
        "places": [told_place(one, say) for one in answer.places],
        "notes": [say(one) for one in answer.notes],
    }


def told_figure(
    one: Figure, assumed: Mapping[str, Assumed], say: Say, before: Figure | None = None, touched: tuple[Cause, ...] = ()
) -> dict[str, Any]:
    told: dict[str, Any] = {"name": one.name, "title": say(one.title), "unit": one.unit, "value": _number(one.value)}
    optional = {
        "low": _number(one.low), "high": _number(one.high), "limit": _number(one.limit), "above": one.above,
        "limit_kind": one.limit_kind or None, "by_hand": one.by_hand and say(one.by_hand),
        "estimated": one.estimated and say(one.estimated), "refused": one.refused and say(one.refused),
    }  # fmt: skip
    told |= {name: value for name, value in optional.items() if value is not None}
    told["sources"] = [told_source(source, say) for source in one.sources]
    told["assumptions"] = [
        {"name": name, "title": say(assumed[name].title), "value": assumed[name].value, "unit": assumed[name].unit,
         "source": say(assumed[name].source)}
        for name in one.assumed
    ]  # fmt: skip
    if before is not None and before.value is not None and one.value is not None:
        told["difference"] = _number(one.value - before.value)
        told["causes"] = [
            {"kind": cause.kind, "features": cause.features, "value": _number(cause.value),
             "largest": [{"layer": layer, "uid": uid, "value": _number(value)} for layer, uid, value in cause.named]}
            for cause in causes(before, one, touched)
        ]  # fmt: skip
    return told


def told_source(source: Source, say: Say) -> dict[str, Any]:
    return {
        "norm": source.norm, "edition": source.edition, "paragraph": source.paragraph,
        "valid_from": source.valid_from.isoformat() if source.valid_from else None,
        "valid_to": source.valid_to.isoformat() if source.valid_to else None, "how_sure": say(MARKS[source.mark]),
    }  # fmt: skip


def told_place(one: Place, say: Say) -> dict[str, Any]:
    values = {name: _number(value) for name, value in one.values.items()}
    told = {"layer": one.layer, "uid": one.uid, "title": say(one.title), "values": values, "above": one.above}
    return {**told, "told": one.told and say(one.told)}


def _number(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
