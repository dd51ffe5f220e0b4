"""Put the notebooks in the wheel, in the library that runs them; all else is in pyproject.toml."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithNotebooks(build_py):
    """The library's modules and, in what is installed, its notebooks."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            folder = Path(self.build_lib) / "iww_analysis" / "notebooks"
            folder.mkdir(parents=True, exist_ok=True)
            for notebook in sorted(Path("notebooks").glob("*.ipynb")):
                self.copy_file(str(notebook), str(folder))


setup(cmdclass={"build_py": WithNotebooks})
