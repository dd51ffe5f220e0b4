"""Know the key of a source's pseudonyms; another one than before is said, and nothing is built with it."""

from collections.abc import Iterable

from iww_analysis.crosswalk import origin
from iww_analysis.io.disk import files, key_file
from iww_analysis.io.disk.home import ORIGIN, Home, read_origin
from iww_analysis.io.processed import inputs
from iww_analysis.messages.errors import IwwError, Message, fail
from iww_analysis.privacy.keys import check_value
from iww_analysis.privacy.pseudonyms import demo_key


def key_of(home: Home, source: str) -> bytes:
    """Give the key of a source's pseudonyms: the public one where it is invented.

    Raises IwwError where there is none that can be used, or where it is another than the source was built with.
    """
    known, invented = inputs.known_key(home, source), is_invented(home, source)
    if known and not invented and not files.exists(key_file.place()):
        raise fail("key_gone", source=source, known=known, path=key_file.place())
    key = demo_key() if invented else key_file.read(home)
    if known not in ("", check_value(key)) and home.deliveries(source):
        raise fail("key_other", source=source, known=known, found=check_value(key))
    return key


def key_faults(home: Home, sources: Iterable[str]) -> list[Message]:
    """Say of sources why there is no key to build them with."""
    found = list[Message]()
    for source in sources:
        try:
            key_of(home, source)
        except IwwError as error:
            found += error.messages
    return found


def is_invented(home: Home, source: str) -> bool:
    """Whether a source is invented, by the cards of all its deliveries; raises IwwError where they do not say the same."""
    return origin.is_invented({f"{source}/{day.name}/{ORIGIN}": read_origin(day) for day in home.deliveries(source)})
