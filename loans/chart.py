"""Pictures of amounts as SVG, made on the server: columns of two parts, one above the other or side by side."""

from dataclasses import dataclass

WIDTH, HEIGHT = 720, 180


@dataclass(frozen=True)
class Bar:
    x: float
    width: float
    principal_y: float
    principal_height: float
    interest_y: float
    interest_height: float


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    bars: list


@dataclass(frozen=True)
class Column:
    """`part`: 1 or 2, which colour it has."""

    part: int
    x: float
    y: float
    width: float
    height: float


def draw(rows):
    """Picture of the rows of a schedule: a bar each, principal below, interest above."""
    highest = max(row.total for row in rows) or 1
    step, scale = WIDTH / len(rows), HEIGHT / float(highest)
    bars = []
    for number, row in enumerate(rows):
        principal, above = float(row.principal) * scale, float(row.interest + row.deferred) * scale
        bars.append(
            Bar(
                x=round((number + 0.1) * step, 2),
                width=round(step * 0.8, 2),
                principal_y=round(HEIGHT - principal, 2),
                principal_height=round(principal, 2),
                interest_y=round(HEIGHT - principal - above, 2),
                interest_height=round(above, 2),
            )
        )
    return Picture(WIDTH, HEIGHT, bars)


def beside(rows):
    """Picture of rows of one amount or two each, their columns side by side; an amount below 0 has none."""
    highest = float(max((amount for row in rows for amount in row), default=0)) or 1.0
    step = WIDTH / max(len(rows), 1)
    bars = []
    for number, row in enumerate(rows):
        width = step * 0.8 / len(row)
        for part, amount in enumerate(row, 1):
            height = max(float(amount), 0.0) * HEIGHT / highest
            x = (number + 0.1) * step + (part - 1) * width
            bars.append(Column(part, round(x, 2), round(HEIGHT - height, 2), round(width, 2), round(height, 2)))
    return Picture(WIDTH, HEIGHT, bars)
