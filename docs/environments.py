"""Write the two files for conda users from `pyproject.toml`: what a user needs, and apart from it what developers need."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What conda-forge calls otherwise than PyPI does. `matplotlib` would bring a desktop toolkit along, which nothing here uses.
CONDA_FORGE: Mapping[str, str] = {
    "duckdb": "python-duckdb",
    "matplotlib": "matplotlib-base",
    "playwright": "playwright-python",
}
FOR_USERS = """\
# For conda users: made from pyproject.toml by `python -m docs.environments`; it was not solved where this project is built.
# After `conda env create -f environment.yml`: conda activate iww-analysis, pip install --no-deps --no-build-isolation -e .
"""
FOR_DEVELOPERS = """\
# What developers need besides: made from pyproject.toml by `python -m docs.environments`.
# After environment.yml: conda env update -n iww-analysis -f environment-dev.yml
"""


def name_of(requirement: str) -> str:
    """The name in a requirement: `pandas>=3.1,<4` is `pandas`."""
    return re.split(r"[<>=!~ ]", requirement)[0]


def conda_forge(requirement: str) -> str:
    """A requirement under the name that conda-forge has for it."""
    name = name_of(requirement)
    return CONDA_FORGE.get(name, name) + requirement.removeprefix(name)


def environments() -> dict[str, str]:
    """The text of each file by its name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    users = [f"python{project['requires-python']}", "pip", *project["dependencies"], *extras["build"]]
    return {
        "environment.yml": FOR_USERS + _listed(users),
        "environment-dev.yml": FOR_DEVELOPERS + _listed(extras["dev"]),
    }


def _listed(requirements: list[str]) -> str:
    lines = ["name: iww-analysis", "channels:", "  - conda-forge", "dependencies:"]
    return "\n".join([*lines, *(f'  - "{conda_forge(requirement)}"' for requirement in requirements)]) + "\n"


if __name__ == "__main__":
    for file, text in environments().items():
        (ROOT / file).write_text(text, encoding="utf-8", newline="\n")
