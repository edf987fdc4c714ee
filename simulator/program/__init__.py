"""From a scenario to flat, typed, read-only arrays that any engine can execute."""
