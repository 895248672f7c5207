"""What the browser draws: the planned city cut into tiles, packed as the graphics card takes it."""
