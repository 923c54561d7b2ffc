"""What an editor does to files: bring them into form, release them, and find what was altered."""
