"""`python -m reconciler.sandbox`: the stand-ins as a process of their own."""

from reconciler.sandbox.command import main

if __name__ == "__main__":
    main()
