"""Messages in and out as they came and went: the outbox, claiming, sending, one gateway a provider.
Nothing here knows what an interview is about.
"""
