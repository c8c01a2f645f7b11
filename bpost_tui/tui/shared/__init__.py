"""Parts of the screen that all features share: the screen context and its members."""
