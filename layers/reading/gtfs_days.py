"""The days on which the services of a timetable run."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from layers.reading.gtfs_feed import Feed, day
from twin.errors import BadFile

EPOCH = dt.date(1970, 1, 1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST = 1_100  # days: some feeds claim to hold for a century
ORDINARY = (1, 2, 3)  # Tuesday to Thursday


class Days:
    """For each service the days it runs on, as days since 1970, ascending."""

    def __init__(self, of_service: dict[str, np.ndarray], notes: list[str]) -> None:
        self.of_service = of_service
        self.notes = notes

    def dates(self) -> tuple[list[str], list[dt.date]]:
        """Service and day, one pair for each day that a service runs on."""
        services = [service for service, days in self.of_service.items() for _ in days]
        return services, [date_of(number) for days in self.of_service.values() for number in days.tolist()]

    def busiest_weekday(self, runs: Mapping[str, int]) -> int | None:
        """The Tuesday, Wednesday or Thursday in the middle third of the validity on which most trips run.

        runs: of each service, the trips on a day that it runs on. Where the feed is too short for such a day: any day.
        """
        trips: dict[int, int] = defaultdict(int)
        for service, days in self.of_service.items():
            for number in days.tolist() if runs.get(service) else ():
                trips[number] += runs[service]
        if not trips:
            return None
        first, last = min(trips), max(trips)
        third = (last - first) // 3
        ordinary = [number for number in trips if (number + 3) % 7 in ORDINARY]  # 1970 began on a Thursday
        middle = [number for number in ordinary if first + third <= number <= last - third]
        return max(sorted(middle or ordinary or trips), key=lambda number: trips[number])


def read_days(feed: Feed) -> Days:
    """From the weekly calendar, or only its exceptions, or both."""
    days: dict[str, set[int]] = defaultdict(set)
    weekly = feed.table("calendar.txt", ("service_id", "start_date", "end_date", *WEEKDAYS))
    services, starts, ends = (
        weekly["service_id"].texts(),
        *(weekly[name].numbers(day) for name in ("start_date", "end_date")),
    )
    _check("calendar.txt", weekly["start_date"].texts(), starts)
    _check("calendar.txt", weekly["end_date"].texts(), ends)
    runs = np.array([[text == "1" for text in weekly[name].texts()] for name in WEEKDAYS], dtype=bool)
    notes: list[str] = []
    for row, service in enumerate(services):
        last = min(ends[row], starts[row] + LONGEST)
        if last < ends[row] and not notes:
            notes.append(
                f"calendar.txt, line {row + 2}: only the first {LONGEST} days of such long services are loaded."
            )
        span = np.arange(starts[row], last + 1, dtype=np.int64)
        days[service].update(span[runs[(span + 3) % 7, row]].tolist())
    single = feed.table("calendar_dates.txt", ("service_id", "date", "exception_type"))
    numbers = single["date"].numbers(day)
    _check("calendar_dates.txt", single["date"].texts(), numbers)
    for service, number, kind in zip(
        single["service_id"].texts(), numbers.astype(int).tolist(), single["exception_type"].texts(), strict=True
    ):
        (days[service].discard if kind == "2" else days[service].add)(number)
    return Days({service: np.array(sorted(found), dtype=np.int64) for service, found in days.items()}, notes)


def date_of(number: int) -> dt.date:
    return EPOCH + dt.timedelta(days=number)


def _check(name: str, texts: list[str], numbers: np.ndarray) -> None:
    bad = np.flatnonzero(np.isnan(numbers))
    if len(bad):
        raise BadFile(f'{name}, line {bad[0] + 2}: "{texts[bad[0]]}" is no date. Write it as 20260131.')
