"""Parts shared by all features of the screen: the screen context and its members."""
