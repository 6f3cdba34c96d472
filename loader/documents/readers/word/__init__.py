"""Word documents, and what LibreOffice makes into one (doc, wps, rtf, odt)."""
