"""Where people meet the simulator: command line, screens and background jobs."""
