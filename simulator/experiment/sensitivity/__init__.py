"""Which assumptions a figure hangs on: one at a time, all at once, and two levers together."""
