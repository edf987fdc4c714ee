"""Simulations that run in the background while the screens stay responsive."""
