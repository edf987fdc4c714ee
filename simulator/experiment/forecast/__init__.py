"""Forecasts: bookings and cash of the coming months from the cases that are open today, and how often they hold."""
