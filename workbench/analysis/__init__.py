"""Pure kernels: numpy in, frozen results out."""
