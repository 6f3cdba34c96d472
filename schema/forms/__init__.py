"""The official forms as data: the language in which they are declared, and one file a set of forms."""
