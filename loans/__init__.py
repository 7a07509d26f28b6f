"""Wing: the loan and guarantee fund."""
