"""Chance: keyed random numbers and inversion samplers, one compiled copy that both engines call.

Nothing heavy is imported here: take what you need from `keyed`, `normal`, `sampling` (compiled), `forms` (plain
validation) or `distributions` (the builder).
"""
