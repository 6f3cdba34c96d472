"""Documents, forms and figures that were rounded."""
