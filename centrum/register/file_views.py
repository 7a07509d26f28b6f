"""The answer of a page on which a file leaves the house."""

from django.http import FileResponse

from centrum.kit import exports


def download(user, name, scope, day, reason):
    """The file of the profile `name` as a download; the journal keeps who took it and what for."""
    made = exports.export(exports.find(name), project=scope, day=day, by=user, reason=reason)
    file_name = made.record.file_name
    return FileResponse(made.file, as_attachment=True, filename=file_name, content_type="text/csv; charset=utf-8")
