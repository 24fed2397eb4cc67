"""Pages that cannot identify anybody, for the parent carer forum and the board.
The same disclosure rules bind both.
"""
