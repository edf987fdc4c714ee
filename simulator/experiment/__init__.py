"""Replications, intervals and paired comparisons of scenarios."""
