"""What becomes of the requirements of roles when profile replaces a framework of skills by another one."""
