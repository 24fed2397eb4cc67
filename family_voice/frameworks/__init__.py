"""Local areas' quality-assurance frameworks as data, and their loader.
Levels, samples, themes and judgement scales are never code.
"""
