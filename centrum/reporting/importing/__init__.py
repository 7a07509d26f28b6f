"""Participant files coming in: `reading` finds rows and columns, `checking` understands the cells, `writing`
compares them with the portal and writes what is new. The command and the browser go the same way.
"""
