"""What WordPress answers: wp-json."""
