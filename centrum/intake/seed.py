"""Information clauses to begin with: version 1 of each, loaded into an empty table after `migrate`."""

import datetime
from pathlib import Path

from centrum.intake.models import Clause

FOLDER = Path(__file__).resolve().parent / "data" / "clauses"
VALID_FROM = datetime.date(2024, 1, 1)  # first day of the project


def load_clauses(**_kwargs):
    """Load `data/clauses/CODE.pl.txt` and `.en.txt` (first line: title) unless there are clauses already."""
    if Clause.objects.exists():
        return
    for path in sorted(FOLDER.glob("*.pl.txt")):
        code = path.name.removesuffix(".pl.txt")
        title, body = _read(path)
        title_en, body_en = _read(FOLDER / f"{code}.en.txt")
        Clause.objects.create(
            code=code, version=1, title=title, body=body, title_en=title_en, body_en=body_en, valid_from=VALID_FROM
        )


def _read(path):
    title, _sep, body = path.read_text(encoding="utf-8").partition("\n")
    return title.strip(), body.strip()
