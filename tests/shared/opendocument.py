"""Workbooks of OpenDocument, written by hand."""

import io
import zipfile

NS = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {"office": "office", "table": "table", "text": "text", "style": "style"}.items()
)

ODS = "application/vnd.oasis.opendocument.spreadsheet"

MANIFEST = f"""<?xml version="1.0"?><m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<m:file-entry m:full-path="/" m:media-type="{ODS}"/></m:manifest>"""


def zipped(members: dict[str, str]) -> bytes:
    """The bytes of a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in members.items():
            made.writestr(name, text)
    return out.getvalue()


def ods(tables: str, styles: str = "") -> bytes:
    """The bytes of an OpenDocument workbook with these tables."""
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    head = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    return zipped({
        "mimetype": ODS,
        "META-INF/manifest.xml": MANIFEST,
        "content.xml": f'<?xml version="1.0"?><office:document-content {NS}>{head}{body}</office:document-content>',
    })  # fmt: skip


def cell(kind: str, text: str, more: str = "") -> str:
    """One cell of an OpenDocument table."""
    return f'<table:table-cell office:value-type="{kind}" {more}><text:p>{text}</text:p></table:table-cell>'
