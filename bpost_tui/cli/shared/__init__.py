"""What verbs share: arguments and their parser, the config and the library as a verb gets them, printing."""
