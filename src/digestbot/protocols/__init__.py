"""What the stages need of the outside world, as protocols; adapters implement them.

One module for each part: `ingest` (sources, documents, stories), `delivery` (schedules, outbox, inbox,
transport), `chat` (chats, messages, follows), `store` (the unit of work that holds them all).
"""
