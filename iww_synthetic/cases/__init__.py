"""Invent the cases of a register: what is true, before anybody writes it down."""
