"""Forms that are wrong as a whole: of another year or unit, in another money unit."""
