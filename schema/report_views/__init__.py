"""The SQL of the views that rebuild the forms, made from their declarations."""
