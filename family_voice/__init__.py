"""Family Voice: the family's side of SEND quality assurance.

Start with README.md for the map of rooms.
"""
