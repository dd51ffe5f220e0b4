"""Ask the questions of the studies: pure functions of a study, a Finding out."""
