"""Answers to users' questions by queries of the warehouse. Nothing here reads a document."""
