"""A demo of the whole house: invented people and bodies, real public facts of the Centrum, told through the services."""
