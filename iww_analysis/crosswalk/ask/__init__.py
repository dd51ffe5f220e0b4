"""What only people know: ask it once, and make of the answers the lines of a crosswalk and a card of origin."""
