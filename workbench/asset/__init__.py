"""Facts: plant, channels, windows, quality, vocabulary."""
