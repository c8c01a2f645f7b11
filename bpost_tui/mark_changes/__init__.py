"""The same marks on all machines of one reader, through a folder that some program syncs: values, a file format, a folder."""
