"""What is saved of other programs: the portal's stories, another library's, pictures; within the room there is."""
