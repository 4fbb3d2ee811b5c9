"""What people can do and are not asked for: skills that they hold and that their role does not require."""
