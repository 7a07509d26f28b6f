"""A demo of the whole house: invented people and bodies and public facts, told through the services."""
