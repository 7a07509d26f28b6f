"""Portal of the Centrum Ekonomii Solidarnej; README.md holds the map of the house."""
