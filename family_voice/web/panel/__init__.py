"""The Level 4 panel's pages: their sessions, the case pack, the professionals' views and copies.
A member sees the cases of their own sessions, and of a family not heard only "no account".
"""
