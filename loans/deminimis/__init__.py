"""De minimis aid: how much of it a loan, a guarantee or anything else gives, what room is left, and the register."""
