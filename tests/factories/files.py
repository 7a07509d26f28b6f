"""Small files of every type that people send, made in memory."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
_TYPES = '<?xml version="1.0"?><Types><Override PartName="/{part}" ContentType="{main}"/></Types>'
_MAIN = {
    "docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
}


def upload(data=PDF, name="statut.pdf", content_type="application/pdf"):
    return SimpleUploadedFile(name, data, content_type)


def picture(kind="PNG", size=(8, 6), mode="RGB", **saved):
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **saved)
    return out.getvalue()


def packed(parts, *, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in parts.items():
            # of one day, so that two workers that collect the tests make the same bytes
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, compress_type=method)
    return out.getvalue()


def document(kind, **more):
    """A DOCX, XLSX or ODT with more parts {name: data}."""
    if kind == "odt":
        return packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>", **more})
    part, main = _MAIN[kind]
    return packed({"[Content_Types].xml": _TYPES.format(part=part, main=main), part: "<x/>", **more})
