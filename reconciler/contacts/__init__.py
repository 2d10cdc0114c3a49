"""Files of people: contact lists and blacklists -> keyed digests, suppression, time zones."""
