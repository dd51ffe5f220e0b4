"""Whether a report may leave: what a person says of it, what is held against earlier releases, and the bundle."""
