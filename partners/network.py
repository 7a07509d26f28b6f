"""A picture of organisations and partnerships as SVG, made on the server; `table` tells the same in words.

Partnerships stand on the left, organisations on the right, each tie is a line; the widths need no script and no fonts.
"""

from dataclasses import dataclass

ROW, TOP, LEFT, RIGHT, WIDTH, LONGEST = 34, 20, 300, 500, 830, 38


@dataclass(frozen=True)
class Node:
    label: str
    title: str
    x: int
    y: int
    anchor: str


@dataclass(frozen=True)
class Line:
    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    nodes: list
    lines: list


def draw(ties):
    """Picture of [(organisation, partnership)], None without any."""
    if not ties:
        return None
    partnerships = _once(partnership for _organisation, partnership in ties)
    organisations = _once(organisation for organisation, _partnership in ties)
    height = TOP + ROW * max(len(partnerships), len(organisations))
    left, right = _spread(partnerships, height), _spread(organisations, height)
    nodes = [_node(row, LEFT - 12, left[row.pk], "end") for row in partnerships]
    nodes += [_node(row, RIGHT + 12, right[row.pk], "start") for row in organisations]
    lines = [Line(LEFT, left[p.pk], RIGHT, right[o.pk]) for o, p in ties]
    return Picture(WIDTH, height, nodes, lines)


def table(ties):
    """[(partnership, [its organisations])]."""
    rows = {}
    for organisation, partnership in ties:
        rows.setdefault(partnership.pk, (partnership, []))[1].append(organisation)
    return list(rows.values())


def _once(rows):
    return list({row.pk: row for row in rows}.values())


def _spread(rows, height):
    """{primary key: y} with the rows evenly over the height."""
    step = (height - TOP) / len(rows)
    return {row.pk: round(TOP + step * (n + 0.5)) for n, row in enumerate(rows)}


def _node(row, x, y, anchor):
    name = str(row)
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
    return Node(short, name, x, y, anchor)
