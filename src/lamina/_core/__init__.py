"""Foundations that know nothing of arrays on devices: names, configuration, checks, random streams."""
