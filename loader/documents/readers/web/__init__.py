"""Web pages (HTML and the archives of browsers), with what their style sheets show and hide."""
