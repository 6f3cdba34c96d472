"""Pictures of pages, read by the extra ``ocr``."""
