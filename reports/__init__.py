"""From results to documents a client can read: findings, charts and files."""
