"""A picture of instalments as SVG, made on the server: a bar each, principal below, interest above."""

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


def draw(rows):
    """Picture of the rows of a schedule."""
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
