"""State that is kept between the reader's sessions, in files of the state folder."""
