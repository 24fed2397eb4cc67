"""What the professionals found and what will change.
The panel's views stand here, beside and never inside the family's words.
"""
