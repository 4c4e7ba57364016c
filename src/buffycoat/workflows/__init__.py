"""Who does what when: open the workspace, call a room, write, commit. One module a room."""
