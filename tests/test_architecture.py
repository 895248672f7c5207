"""Folders may lean on those before them in this list, never on those after."""

import ast
import re
import sys
from configparser import ConfigParser
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "twin": set(),
    "layers": {"twin"},
    "scenarios": {"twin", "layers"},
    "web": {"twin", "layers", "scenarios", "sample_city"},
    "sample_city": {"twin", "layers"},
}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}, line {node.lineno}: names its neighbours in full"
            yield node.module.split(".")[0]
        elif isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)


def leaning(root, folder):
    ours = {*MAY_IMPORT, "tests"} - MAY_IMPORT[folder] - {folder}
    return [
        f"{path.relative_to(root)} imports {name}"
        for path in sorted((root / folder).rglob("*.py"))
        if "node_modules" not in path.parts
        for name in imported(path)
        if name in ours
    ]


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_a_folder_leans_only_on_those_before_it(folder):
    assert leaning(ROOT, folder) == []


def declared():
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    wanted = f"{config['options']['install_requires']} {config['options.extras_require']['ifc']}".split()
    return {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~;]", name)[0]).lower() for name in wanted}


def test_every_library_that_is_imported_is_installed_with_it():
    """A library that is there only because another one needs it may be gone with the next version."""
    sold_as = {
        name: {re.sub(r"[-_.]+", "-", seller).lower() for seller in sellers}
        for name, sellers in packages_distributions().items()
    }
    foreign = {
        name
        for folder in MAY_IMPORT
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts
        for name in imported(path)
        if name not in sys.stdlib_module_names and name not in MAY_IMPORT
    }
    assert {name for name in foreign if not sold_as.get(name, set()) & declared()} == set()


def test_a_folder_that_leans_the_wrong_way_is_found(tmp_path):
    (tmp_path / "twin").mkdir()
    (tmp_path / "twin/city.py").write_text("def f():\n    from web.view3d import scene\n")
    assert leaning(tmp_path, "twin") == ["twin/city.py imports web"]
