"""Looking back at what was passed on: could it have been solved at first contact, and what was missing?"""
