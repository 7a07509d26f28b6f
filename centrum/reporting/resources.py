"""The import of participants as django-import-export sees it: its Result is the preview and the confirmation."""

import tablib
from django.core.exceptions import ValidationError
from import_export import resources
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import RowResult

from centrum.reporting.importing import writing

_TYPES = {
    writing.NEW: RowResult.IMPORT_TYPE_NEW,
    writing.CHANGED: RowResult.IMPORT_TYPE_UPDATE,
    writing.SAME: RowResult.IMPORT_TYPE_SKIP,
}


class ParticipantImport(resources.Resource):
    """Rows of one file and project. They are matched and compared all at once before the first is looked at,
    so `import_row` only tells what was found: `diff` holds [(header, before, after)], `validation_error` the
    messages by header. Row numbers are those of the file.
    """

    class Meta:
        instance_loader_class = BaseInstanceLoader  # never asked
        use_bulk = True  # no savepoint a row
        report_skipped = True

    def __init__(self, *, by, project, content):
        super().__init__()
        self.by = by
        self.project = project
        self.content = content

    def preview(self):
        """The Result of a dry run. Raises FileRefused when the file can't be read at all."""
        self.plan = writing.plan_import(by=self.by, project=self.project, content=self.content)
        self._changes = {change.row.number: change for change in self.plan.changes}
        self._faults = {}
        for fault in self.plan.faults:
            self._faults.setdefault(fault.row, {}).setdefault(fault.column, []).append(fault.message)
        numbers = tablib.Dataset(*([number] for number, _cells in self.plan.sheet.rows), headers=["row"])
        return self.import_data(numbers, dry_run=True)

    def import_row(self, row, instance_loader, **kwargs):
        number = row["row"]
        result = self.get_row_result_class()()
        result.row_values = row
        if number in self._faults:
            result.import_type = RowResult.IMPORT_TYPE_INVALID
            result.validation_error = ValidationError(self._faults[number])
            return result
        change = self._changes[number]
        result.import_type = _TYPES[change.outcome]
        result.object_repr = f"{change.row.person['first_name']} {change.row.person['last_name']}"
        result.object_id = change.participation and change.participation["id"]
        result.diff = change.differences
        return result
