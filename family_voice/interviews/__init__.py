"""The guide (questions as data), the engine (pure), and the record of what was said.
Web, telephone and text all go through the same step.
"""
