"""From the codes and names in a row to its key: a unit, a function, an economic subject, a project, goods bought."""
