"""Work on documents in processes of their own: the processes, what is sent to them, and what they tell."""
