"""What a lead-to-cash funnel is, how it runs and what it measures; a library without a screen."""
