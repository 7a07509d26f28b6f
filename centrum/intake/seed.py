"""Information clauses and texts of consents to begin with: version 1 of each, loaded into empty tables after `migrate`.

They are drafts until the data protection officer confirms them.
"""

import csv
import datetime
from pathlib import Path

from centrum.intake import letters
from centrum.intake.models import Clause, ConsentText, LetterTemplate
from centrum.kit.history import author
from centrum.kit.models import Parameter

DATA = Path(__file__).resolve().parent / "data"
VALID_FROM = datetime.date(2024, 1, 1)  # first day of the project


@author(command="seed")
def load_clauses(**_kwargs):
    """Load `data/clauses/CODE.pl.txt` and `.en.txt` (head: title, controller, purpose) unless there are clauses."""
    if Clause.objects.exists():
        return
    for code, (title, controller, purpose), body, (title_en, _same, purpose_en), body_en in _pairs("clauses"):
        Clause.objects.create(
            code=code,
            version=1,
            controller=controller,
            purpose=purpose,
            purpose_en=purpose_en,
            title=title,
            body=body,
            title_en=title_en,
            body_en=body_en,
            valid_from=VALID_FROM,
        )


@author(command="seed")
def load_consents(**_kwargs):
    """Load `data/consents/CODE.pl.txt` and `.en.txt` (head: purpose, controller) unless there are texts already."""
    if ConsentText.objects.exists():
        return
    for code, (purpose, controller), body, (purpose_en, _same), body_en in _pairs("consents"):
        ConsentText.objects.create(
            code=code,
            version=1,
            controller=controller,
            purpose=purpose,
            purpose_en=purpose_en,
            body=body,
            body_en=body_en,
            valid_from=VALID_FROM,
        )


@author(command="seed")
def load_parameters(**_kwargs):
    """Add the numbers of `data/parameters.csv` whose code is not there yet; none of them is confirmed."""
    known = set(Parameter.objects.values_list("code", flat=True))
    with (DATA / "parameters.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["code"] not in known]
    Parameter.objects.bulk_create(Parameter(**row, valid_from=VALID_FROM, confirmed=False) for row in rows)


@author(command="seed")
def load_letters(**_kwargs):
    """Load the texts of every kind of letter in Polish and English that are not there yet; edited ones stay."""
    known = set(LetterTemplate.objects.values_list("code", "language"))
    for code, kind in letters.KINDS.items():
        for language in kind.languages:
            if (code, language) not in known:
                text = letters.default(code, language)
                LetterTemplate.objects.create(code=code, language=language, subject=text.subject, body=text.body)


def _pairs(folder):
    """(code, lines of the head, text) of each Polish file, and head and text of its English one."""
    for path in sorted((DATA / folder).glob("*.pl.txt")):
        code = path.name.removesuffix(".pl.txt")
        yield code, *_read(path), *_read(path.with_name(f"{code}.en.txt"))


def _read(path):
    head, _sep, body = path.read_text(encoding="utf-8").partition("\n\n")
    return head.splitlines(), body.strip()
