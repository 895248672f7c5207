"""The notebook about the Python interface does what it says, cell after cell."""

import json
from pathlib import Path

NOTEBOOK = Path(__file__).parents[1] / "docs" / "python-api.ipynb"


def test_each_cell_of_the_notebook_runs_and_the_scenario_has_more_floor():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    known: dict = {}
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{NOTEBOOK.name}, cell {number}", "exec"), known)  # noqa: S102
    known["db"].close()
    assert known["floor"]["planned"] != known["floor"]["today"] > 0
    assert (known["folder"] / "planned.gpkg").exists()
    assert len(known["blocks"]) >= len(known["houses"]) - 1
    assert known["deck"].to_json()
