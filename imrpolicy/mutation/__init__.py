"""Small slips put into policies one at a time, to see which of them the tests notice."""
