"""Open JupyterLab at the notebooks."""

from jupyterlab.labapp import LabApp

from iww_analysis.commands.report.state import notebook_folder
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.console import OK, Console


def run(home: Home, console: Console) -> int:
    """Start the server; gives the exit code when it stops."""
    notebooks = notebook_folder(home)
    console.give({"ok": True, "folder": str(notebooks)})
    LabApp.launch_instance(
        argv=[f"--ServerApp.root_dir={home.path}", f"--LabApp.default_url=/lab/tree/{notebooks.name}"]
    )
    return OK
