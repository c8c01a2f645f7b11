"""The same marks on all machines of one reader, through a folder that some program keeps alike: values, a file format, a folder."""
