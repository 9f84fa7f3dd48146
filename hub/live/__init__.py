"""What is known of each device now, and who watches. Nothing here is durable."""
