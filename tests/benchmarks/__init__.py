"""The design's benchmarks: `make bench NAME=…`. Ratios come from one run, interleaved, medians of at least five.

A benchmark is a module of this folder with a `measure(plan) -> Result`; its name is the module's.
"""
