"""Files that other programs open, and files of theirs: REFI-QDA projects and codebooks, tables.

What leaves names nobody unless somebody who may see names asked for them."""
