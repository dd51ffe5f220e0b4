"""How much a delivered file may ask of this computer; every number with the reason for it."""

MOST_UNPACKED = 2_000_000_000  # bytes: a real export stays below 200 MB; Excel's last row × 18 columns is about 0.9 GB
MOST_RATIO = 200  # unpacked / packed, of a member over a megabyte: real sheets reach 10-60, a bomb reaches 1,032
MOST_MEMBERS = 5_000  # files inside a workbook: a real one has some tens, one per sheet and picture
MOST_CELLS = 50_000_000  # the rectangle around a sheet: all of Excel's 1,048,576 rows × 47 columns
MOST_MEMORY = 3_000_000_000  # bytes, to read one file: about twice what Excel's last row × 18 columns takes
SECONDS = 45.0  # that reading any file may take, and more for a large one:
SECONDS_PER_MB = 5.0  # ten times what an ordinary laptop needs


def seconds_for(content: bytes) -> float:
    """Say how long reading a file may take."""
    return SECONDS + SECONDS_PER_MB * len(content) / 1_000_000
