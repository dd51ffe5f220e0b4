"""Look at a delivered file before it is read, and parse it in a child process with limits."""
