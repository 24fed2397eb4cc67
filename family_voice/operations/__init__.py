"""What reaches across rooms: migrations, health, and later backup, withdrawal and retention.
Rooms offer functions; this one calls them in turn, in one transaction.
"""
