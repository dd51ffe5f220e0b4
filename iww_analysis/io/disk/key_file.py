"""Keep the key of the pseudonyms in a file for its owner alone, outside every home; it is never made unasked."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from iww_analysis.io.disk import files, folders
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError, Message, Place, fail
from iww_analysis.privacy import keys
from iww_analysis.privacy.pseudonyms import KEY_BYTES, demo_key

OTHERS_READ, OTHERS_WRITE, STICKY = 0o077, 0o022, 0o1000  # rights of a file; of a folder; each removes their own alone


def place() -> Path:
    """Where the key lies: `IWW_KEY_FILE`, else in the folder of this user."""
    return Path(os.environ.get("IWW_KEY_FILE") or Path.home() / ".iww" / "pseudonym.key").expanduser()


def content() -> bytes:
    """Give the key that lies there, whatever is wrong with it; nothing where there is none."""
    return keys.parsed(files.read_if_there(place()))


def read(home: Home) -> bytes:
    """Give the key; raises IwwError where there is none, and with all that is wrong with it."""
    if found := faults(home):
        raise IwwError(*found)
    return content()


def faults(home: Home) -> list[Message]:
    """Say why the key cannot be used, if it cannot: it is absent, within reach of others, or can be guessed."""
    path = place()
    if not path.is_file():
        return [Message("key_absent", words={"path": path})]
    return [*within_reach(path, home), *keys.faults(content(), Place(path.name))]


def within_reach(path: Path, home: Home) -> Iterator[Message]:
    """Say how others could come by a key of any kind, where this system can tell (see `tells_rights`)."""
    there = path.resolve()
    folders = {*Path(os.path.normpath(path.absolute())).parents, *there.parents}  # of a link, and of what it leads to
    if any(_goes_around(folder, home) for folder in folders):
        yield Message("key_inside", Place(path.name))
    if tells_rights() and there.exists() and there.stat().st_mode & OTHERS_READ:
        yield Message("key_readable", Place(path.name), {"path": path})
    if tells_rights() and there.parent.exists() and _is_open(there.parent):
        yield Message("key_folder_open", Place(path.name), {"folder": there.parent})


def tells_rights() -> bool:
    """Whether the rights of a file say who can read it: not on Windows."""
    return os.name != "nt"


def _goes_around(folder: Path, home: Home) -> bool:
    """Whether a folder is handed over as a whole: this home (however its name is spelled), another, or a repository."""
    of_home = home.path.exists() and folder.exists() and folder.samefile(home.path)
    return of_home or (folder / "data" / "raw").is_dir() or (folder / ".git").exists()


def _is_open(folder: Path) -> bool:
    """Whether others can put another file in the place of one in a folder."""
    mode = folder.stat().st_mode
    return bool(mode & OTHERS_WRITE) and not mode & STICKY


def make(home: Home) -> None:
    """Make the key; raises IwwError where there is one already, or where it may not lie."""
    with _alone(home) as path:
        if path.exists():
            there = Message("key_there", words={"path": path, "check": keys.check_value(content())})
            raise IwwError(*(faults(home) or [there]))
        files.write_text(path, secrets.token_hex(KEY_BYTES))  # for this user only, as a temporary file is


def renew(home: Home) -> Path | None:
    """Put a new key in the place of the one that lies there; gives where that one lies now, if there was one."""
    with _alone(home) as path:
        before = files.read_if_there(path)
        aside = path.with_name(f"{path.stem}-{keys.check_value(keys.parsed(before))}.key") if before else None
        if aside:
            files.write_bytes(aside, before)
        files.write_text(path, secrets.token_hex(KEY_BYTES))
    return aside


@contextmanager
def _alone(home: Home) -> Iterator[Path]:
    """Be the only run that makes a key, in a folder of which others change nothing."""
    path = place()
    if found := [message for message in within_reach(path, home) if message.code != "key_readable"]:
        raise IwwError(*found)
    folders.make_for_owner(path.parent)
    with files.locked(path.with_name(f"{path.name}.lock"), fail("file_locked", Place(path.name))):
        files.clear(path)
        yield path


def with_check(value: str) -> bytes | None:
    """Give the key of a check value, also one that was renewed since; "": the one that lies there. None: not on this computer."""
    path = place()
    if not value:
        return content() or None
    paths = [path, *sorted(path.parent.glob(f"{path.stem}-*.key"))]
    every = [demo_key(), *(keys.parsed(files.read_if_there(each)) for each in paths)]
    return next((key for key in every if key and keys.check_value(key) == value), None)
