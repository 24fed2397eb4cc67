"""What leaves the inner rooms: suppression, pooled figures, numbered exports.
Nothing is released that could point at a family.
"""
