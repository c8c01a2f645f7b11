"""What a reader does, without a screen: the screen and the line reader are made of it."""
