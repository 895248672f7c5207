"""How a figure and a scenario are said on the page, in tables and in the report."""

from scenarios.indicators.figures import Figure
from scenarios.indicators.figures import number as in_both
from twin.feature import TODAY, Scenario, Words
from web.language import said, words

MILLIONS = 100_000  # EUR from which on money is told in millions


def title_of(scenario: Scenario) -> str:
    return words("today") if scenario.id == TODAY else scenario.title


def shown(figure: Figure, value: float | None, signed: bool = False) -> str:
    """The value in the reader's writing, as many digits as it is worth; money in millions where it is much."""
    if value is None:
        return "–"
    unit, digits = figure.unit, figure.digits
    if unit == "EUR" and abs(value) >= MILLIONS:
        value, unit, digits = value / 1e6, said(Words("Mio. EUR", "m EUR")), 2
    plain = said(in_both(float(value), digits)).replace("-", "−")
    if signed and unit == "%":
        unit = said(Words("%-Punkte", "points"))
    return f"{'+' if signed and value > 0 else ''}{plain} {unit}".strip()
