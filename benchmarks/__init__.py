"""Where the README's speed figures come from: ratios measured in one run, so that they hold on other machines."""
