"""The design's benchmarks: `make bench NAME=…`. Ratios come from one run, interleaved, medians of at least five."""
