"""What a scenario file may say, and what is wrong with one that says something else."""
