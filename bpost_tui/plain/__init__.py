"""Line reader (`--plain`): prints plain lines of text, for screen readers and braille displays."""
