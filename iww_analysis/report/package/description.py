"""Describe a folder for archives and other tools: Frictionless Data Package 2.0 and RO-Crate 1.1."""

from collections.abc import Mapping, Sequence
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang

NAME = "datapackage.json"
CRATE = "ro-crate-metadata.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RO_CRATE = "https://w3id.org/ro/crate/1.1"
MEDIA = {
    "parquet": "application/vnd.apache.parquet", "csv": "text/csv", "json": "application/json", "svg": "image/svg+xml",
    "png": "image/png", "html": "text/html", "ipynb": "application/x-ipynb+json", "txt": "text/plain",
}  # fmt: skip

Json = dict[str, Any]


def crate(package: Mapping[str, Any], lang: Lang) -> Json:
    """Say what a data package says as an RO-Crate. Its day is that on which the last delivery was received."""
    root = {
        "@id": "./", "@type": "Dataset", "name": package["title"], "description": package["description"],
        "datePublished": package["created"][:10], "license": words("terms", lang),
        "hasPart": [{"@id": path} for path in (NAME, *(resource["path"] for resource in package["resources"]))],
    }  # fmt: skip
    descriptor = {"@id": CRATE, "@type": "CreativeWork", "conformsTo": {"@id": RO_CRATE}, "about": {"@id": "./"}}
    package_file = {"@id": NAME, "@type": "File", "name": "Frictionless Data Package", "encodingFormat": MEDIA["json"]}
    parts = [
        {
            "@id": resource["path"], "@type": "File", "name": resource.get("title", resource["name"]),
            "encodingFormat": resource["mediatype"], "contentSize": str(resource["bytes"]),
        }
        for resource in package["resources"]
    ]  # fmt: skip
    return {"@context": f"{RO_CRATE}/context", "@graph": [descriptor, root, package_file, *parts]}


def about(
    name: str, title: str, description: str, cards: Sequence[Origin], lang: Lang, *, internal: bool = False
) -> Json:
    """What stands above the list of files; no clock: it was made when the last delivery was received."""
    synthetic, towns = any(card.synthetic for card in cards), vocabulary.read("municipality")
    marks = [words(mark, lang) for mark, holds in (("synthetic", synthetic), ("internal", internal)) if holds]
    named = dict.fromkeys(
        towns.label(code, lang) + (f" ({words('invented', lang)})" if card.synthetic else "")
        for card in cards
        for code in card.municipality
    )
    document: Json = {
        "$schema": PROFILE, "name": name, "title": " – ".join([title, *marks]), "description": description,
        "created": f"{max(card.received for card in cards)}T00:00:00Z", "synthetic": synthetic,
        "sources": [
            {"title": words("delivery", lang, source=card.source, received=card.received), "version": str(card.received)}
            for card in cards
        ],
    }  # fmt: skip
    if named:  # by the closed list of municipalities, and not as the card says it, which may name a person
        document["contributors"] = [{"title": town, "roles": ["DataCollector"]} for town in named]
    return document


def file(path: str, sha: str, size: int) -> Json:
    """One file of the folder."""
    kind = path.rsplit(".", 1)[-1]
    return {
        "name": path.lower().replace("/", "-"), "path": path, "format": kind, "mediatype": MEDIA[kind],
        "bytes": size, "hash": f"sha256:{sha}",
    }  # fmt: skip


def words(name: str, lang: Lang, /, **gaps: object) -> str:
    """A sentence or title of packages in a language."""
    sentence = str(sentences.read("package")[name][lang])
    return sentences.filled(sentence, **gaps) if gaps else sentence
