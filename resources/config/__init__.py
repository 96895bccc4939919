"""The types of AWS Config."""
