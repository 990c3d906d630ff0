"""The project on disk: HDF5 windows, overviews, results, journal."""
