"""What bears out the figures of projects, which no other form prints."""
