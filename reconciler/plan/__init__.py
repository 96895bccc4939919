"""What is there, what differs, and what would be done about it. Nothing here changes AWS."""
