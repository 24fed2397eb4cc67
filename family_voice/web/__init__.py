"""The pages, one package an audience: family, staff, panel, forum.
Views turn requests into use cases and results into pages; no SQL and no rules live here.
"""
