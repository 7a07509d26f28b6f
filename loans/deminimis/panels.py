"""What de minimis aid puts on other pages."""


def of_decision(decision):
    """What `loans/deminimis/_of_decision.html` tells of the aid assessed with a decision; None where none was."""
