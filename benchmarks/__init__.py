"""Benchmarks: figures for people to read."""
