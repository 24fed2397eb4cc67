"""Concerns: raised, acknowledged, decided.
Kept apart from everything else, under keys of their own.
"""
