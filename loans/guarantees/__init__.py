"""Guarantees of the fund (poręczenia): applied for, granted, put in force, lowered, called, recovered."""
