"""The same leads in two scenarios, event by event."""
