"""An AWS of our own: moto, made as strict and as faithful as the parts of AWS that we use."""
