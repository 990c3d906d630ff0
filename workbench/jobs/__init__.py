"""Progress, cancel and lanes, without Qt."""
