"""Phrases that ask for a person to look: data, one file a language, each with its reason.
They decide nothing; finding nothing means nothing either.
"""
