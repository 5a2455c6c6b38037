"""The diary on the pages: its forms read, its days shown, its door kept."""
