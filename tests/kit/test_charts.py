"""Bars drawn on the server."""

from decimal import Decimal

import pytest
from pytest_django.asserts import assertHTMLEqual

from centrum.kit.templatetags.charts import bar


@pytest.mark.parametrize(
    ("value", "second", "total", "first_width", "both_width"),
    [
        (18, 2, 24, "75.0", "83.3"),
        (Decimal("1.5"), 0, 3, "50.0", "50.0"),
        (0, 0, 24, "0.0", "0.0"),
        (30, 5, 24, "100.0", "100.0"),
        (3, 0, 0, "0.0", "0.0"),
    ],
)
def test_bar_shows_parts_of_the_total(value, second, total, first_width, both_width):
    assertHTMLEqual(
        bar(value, total, "18 < 24 hours", second),
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="18 &lt; 24 hours">'
        '<title>18 &lt; 24 hours</title><rect class="bar-ground" width="100" height="10"/>'
        f'<rect class="bar-second" width="{both_width}" height="10"/>'
        f'<rect class="bar-first" width="{first_width}" height="10"/></svg>',
    )
