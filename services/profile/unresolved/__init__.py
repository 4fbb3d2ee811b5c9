"""What other systems told and cannot be done yet: kept with its reason until what it waits for arrives."""
