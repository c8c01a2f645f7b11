"""What a piece of news is: values and pure functions, standard library only."""
