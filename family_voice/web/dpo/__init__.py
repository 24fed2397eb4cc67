"""Pages for the data protection officer: who saw what, and whether the record of it is whole.
Nothing here opens a word that a family said.
"""
