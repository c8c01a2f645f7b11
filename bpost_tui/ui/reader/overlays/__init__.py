"""Features that stand over the panes, or in their place: help, the palette, the tour, what is passed on."""
