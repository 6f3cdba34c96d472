"""Equations between lines and figures → amounts; nothing here knows a form."""
