"""Every sentence that a person can read, in Dutch and English, and how it is told."""
