"""What we know and decide: frozen values, standard library only, no I/O."""
