"""What the program weighs and how fast it keeps answers, each beside a floor from the same run.
`python -m benchmarks` prints the tables.
"""
