"""How good and how fast Writethru is: each module measures one thing, `python -m benchmarks` all of them.

Each module has `run(data)`, which returns what it measured, and runs alone: `python -m benchmarks.NAME --data DIR`
prints one JSON object. `baselines/` holds what was measured before.
"""
