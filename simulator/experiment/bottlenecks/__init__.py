"""Where a funnel clogs: what relief of each team, delay and policy is worth, what binds next, and what waiting lost."""
