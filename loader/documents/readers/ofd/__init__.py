"""OFD (GB/T 33190): text, rules and pictures of the Chinese standard for fixed pages."""
