"""Small charts drawn on the server as SVG; without style attributes, which the CSP refuses."""

from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def bar(value, total, label, second=0):
    """A bar of `value` and, behind it, `second` out of `total` (one unit for all three).

    `label` says in words what the bar shows; what is more than the total fills the bar.
    """
    scale = 100 / float(total) if total else 0
    first = min(float(value) * scale, 100)
    both = min(float(value + second) * scale, 100)
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{label}">'
        '<title>{label}</title><rect class="bar-ground" width="100" height="10"/>'
        '<rect class="bar-second" width="{both}" height="10"/>'
        '<rect class="bar-first" width="{first}" height="10"/></svg>',
        label=label,
        first=f"{first:.1f}",
        both=f"{both:.1f}",
    )
