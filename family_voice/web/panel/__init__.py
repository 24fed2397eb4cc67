"""The Level 4 panel's pages: the case pack and the professionals' views.
Every view is recorded, and consent is asked again each time.
"""
