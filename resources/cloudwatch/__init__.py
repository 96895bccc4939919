"""CloudWatch: metrics, and the alarms that watch them."""
