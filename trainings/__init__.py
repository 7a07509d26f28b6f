"""Wing: training events."""
