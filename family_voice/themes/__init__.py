"""The codebook, and the codes people put on what families said.
Every coding is a command in an append-only log, so that it can be undone.
"""
