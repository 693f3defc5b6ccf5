"""Marks for answers that are more than a tick: numbers, worked answers, written ones."""
