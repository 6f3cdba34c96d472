"""PDF: text, rules and pictures as PDFium draws them."""
