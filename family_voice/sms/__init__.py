"""The text-message channel: signed webhook in, words out.
The conversation is the same interview as on the web; this room has no tables of its own.
"""
