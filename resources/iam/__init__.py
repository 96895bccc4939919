"""IAM: who may do what. One API for the whole account, served from us-east-1."""
