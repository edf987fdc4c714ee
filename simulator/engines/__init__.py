"""The engines that execute a program and leave the same event records."""
