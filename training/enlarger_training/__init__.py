"""How the weights that ship with Enlarger are made: data, network, training, export, int8, model card."""
