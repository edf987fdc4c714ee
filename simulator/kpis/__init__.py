"""From event records to numbers, with the catalogue that names and explains each of them."""
