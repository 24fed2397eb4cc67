"""What was asked of a family, what they agreed or refused, and whether something may be shown now.
`permits` is asked at the moment of showing or sending.
"""
