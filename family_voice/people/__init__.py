"""Families, children, participants and staff, and one table of who may do what.
Identifiers are sealed under one key a person.
"""
