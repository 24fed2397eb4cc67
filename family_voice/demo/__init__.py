"""A pretend partnership to try everything in: synthetic families, a tour and a pretend phone.
Only app and cli import it, and nothing under `serve` can switch it on.
"""
