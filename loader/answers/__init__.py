"""What people ask the warehouse; nothing here reads a document."""
