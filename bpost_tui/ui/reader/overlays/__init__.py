"""Features that are over the panes, or in their place: help, the palette, the tour, what is passed on."""
