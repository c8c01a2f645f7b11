"""State of the reader that is kept between sessions, in the state folder."""
