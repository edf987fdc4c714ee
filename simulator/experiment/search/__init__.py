"""Search for the best portfolio of tools, staffing and policies under a budget and constraints."""
