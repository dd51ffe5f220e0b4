"""Questions and their answers: pure functions of a study, a Finding out."""
