"""Wing: the network of partnerships."""
