"""The panes: each draws what it is given and says what the reader did; none fetches."""
