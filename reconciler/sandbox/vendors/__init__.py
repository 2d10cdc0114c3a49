"""One module or package per vendor; each has a function `create(world)` that returns its stand-in."""
