"""Parts that several verbs use: arguments and their parser, the context of a verb, printing."""
