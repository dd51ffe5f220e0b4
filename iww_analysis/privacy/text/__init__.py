"""Read free text for who it may point out: shapes of identifiers, a source's own roster, names; and show […] there."""
