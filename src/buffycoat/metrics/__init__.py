"""What numbers mean: truth first, prediction second; undefined is ``None``, never 0."""
