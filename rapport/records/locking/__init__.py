"""Fields that nobody changes any more once their record is in a state."""
