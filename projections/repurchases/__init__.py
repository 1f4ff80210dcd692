"""How far repurchase programs got."""
