"""Rounds, their cases, attempts to reach families, the Level 3 ledger, and linking.
Pure modules work things out; the rest are use cases.
"""
