"""The use cases: each wires the parts together, and holds no rule of its own."""
