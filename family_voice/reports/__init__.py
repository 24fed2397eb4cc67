"""Documents made from what consent allows: the case pack first.
They read through the rooms below and never decide what may be shown.
"""
