"""Runs the benchmarks, prints one line a figure, and keeps them in docs/benchmarks.md."""

import datetime as dt
import os
import platform
import re
import sys
from pathlib import Path

from tests.benchmarks import access, editing, indicators, loading, page, participation, services

BENCHMARKS = {
    "loading": loading,
    "page": page,
    "editing": editing,
    "indicators": indicators,
    "participation": participation,
    "access": access,
    "services": services,
}
KEPT = Path(__file__).parents[2] / "docs/benchmarks.md"
HEAD = """# Benchmarks

How fast Twin is, beside the tools that one would use instead, on the same machine in the same run. Refreshed by
`make bench`; `make bench ONLY=loading` runs one part.
"""


def main(wanted: list[str]) -> None:
    unknown = set(wanted) - set(BENCHMARKS)
    if unknown:
        raise SystemExit(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}")
    for name in wanted or BENCHMARKS:
        figures = []
        for figure in BENCHMARKS[name].figures():
            print(figure, flush=True)
            figures.append(figure)
        keep(name, BENCHMARKS[name].__doc__ or "", figures)


def keep(name: str, about: str, figures: list) -> None:
    """Put one part anew into the document; the others stay."""
    there = KEPT.read_text(encoding="utf-8") if KEPT.exists() else HEAD
    parts = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", there, re.MULTILINE | re.DOTALL))
    rows = [
        f"| {one.name} | {one.ours:.2f} {one.unit} | {one.peer:.2f} {one.unit} | {one.ratio:.2f} | {one.goal_shown} |"
        f" {'ok' if one.reached else 'short'} | {one.note} |"
        for one in figures
    ]
    head = ["| figure | ours | peer | ratio | goal | | what is compared |", "| --- " * 7 + "|"]
    parts[name] = "\n".join(["", about.strip(), "", machine(), "", *head, *rows, ""])
    KEPT.write_text("\n".join([HEAD, *(f"## {part}\n{words.rstrip()}\n" for part, words in parts.items())]))


def machine() -> str:
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    gigabytes = int(memory[1]) / 2**20 if memory else 0
    cores = len(os.sched_getaffinity(0))
    return f"{dt.date.today()}: {cores} cores, {gigabytes:.0f} GB of memory, Python {platform.python_version()}."


main(sys.argv[1:])
