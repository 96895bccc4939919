"""Amazon S3: buckets, whose names are one namespace for all accounts of the world."""
