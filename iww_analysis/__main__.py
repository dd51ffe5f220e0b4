"""Let `python -m iww_analysis` do what `iww` does: some laptops block new executables."""

from iww_analysis.cli import main

main()
