"""Bars of the answers to one question as SVG, made on the server; the table beside them says the same in figures."""

from dataclasses import dataclass

WIDTH, ROW, BAR, LONGEST = 320, 42, 14, 42


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    y: int
    bar_y: int
    count_y: int
    width: int
    count_x: int


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    bar: int
    bars: list


def draw(cells):
    """Chart of [Cell], None without any; the longest bar is the answer chosen most."""
    if not cells:
        return None
    most = max(max(cell.count for cell in cells), 1)
    bars = [_bar(row, cell, most) for row, cell in enumerate(cells)]
    return Chart(WIDTH, ROW * len(cells), BAR, bars)


def _bar(row, cell, most):
    width = round((WIDTH - 40) * cell.count / most)
    label = cell.label if len(cell.label) <= LONGEST else f"{cell.label[: LONGEST - 1].rstrip()}…"
    top = row * ROW
    return Bar(label, cell.count, top + 14, top + 20, top + 32, width, width + 8)
