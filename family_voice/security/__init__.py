"""Keys and sealed text, blind indexes, tokens, throttling and the audit trail.
Knows nothing of families or interviews.
"""
