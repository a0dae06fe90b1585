"""What happens to leads by itself: who gets them, and how soon they are to be answered."""
